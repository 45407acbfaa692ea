//! Enums whose values are words on the wire and in the tables.

/// Declares an enum with the word that stands for each of its values, wherever it is read, written or documented, an
/// `as_str` that tells it and a `FromStr` that reads it.
///
/// ```
/// shared::words! {
///     /// A light.
///     pub enum Light {
///         /// Stop.
///         Red = "red",
///         /// Go.
///         Green = "green",
///     }
/// }
/// assert_eq!(Light::Red.as_str(), "red");
/// assert_eq!("green".parse(), Ok(Light::Green));
/// ```
#[macro_export]
macro_rules! words {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:tt,)+ }
    ) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[derive(::serde::Serialize, ::serde::Deserialize, ::deserr::Deserr, ::utoipa::ToSchema)]
        $(#[$meta])*
        $vis enum $name {
            $($(#[$variant_meta])* #[serde(rename = $word)] #[deserr(rename = $word)] $variant,)+
        }

        impl $name {
            /// The word that stands for it.
            #[allow(dead_code, reason = "not every enum is spelled out in a sentence")]
            $vis const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::error::Invalid;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(concat!("Must be one of:" $(, " ", $word)+, ".").into()),
                }
            }
        }
    };
}
