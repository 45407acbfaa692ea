//! Enums whose values are strings on the wire and in the tables.

/// Declares an enum with the string that stands for each of its values, wherever it is read, written or documented, an
/// `as_str` that tells it and a `FromStr` that reads it.
///
/// ```
/// shared::string_enum! {
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
macro_rules! string_enum {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $text:tt,)+ }
    ) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[derive(::serde::Serialize, ::serde::Deserialize, ::deserr::Deserr, ::utoipa::ToSchema)]
        $(#[$meta])*
        $vis enum $name {
            $($(#[$variant_meta])* #[serde(rename = $text)] #[deserr(rename = $text)] $variant,)+
        }

        impl $name {
            /// The string that stands for it.
            #[allow(dead_code, reason = "not every enum is spelled out in a sentence")]
            $vis const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::base::error::Invalid;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err(concat!("Must be one of:" $(, " ", $text)+, ".").into()),
                }
            }
        }
    };
}
