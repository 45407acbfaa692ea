//! The IDs in a path, as types that describe themselves.

use std::collections::HashMap;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

use crate::base::error::excerpt;
use crate::base::{Code, Error};

/// Declares the path of a resource: a struct with the IDs in it, in their order, which handlers take and the document is made from.
/// What is no ID names nothing: a 404, as for an ID that is not there.
///
/// ```
/// shared::path! {
///     /// A widget of a dashboard.
///     pub struct WidgetPath {
///         /// The dashboard's ID.
///         id: shared::base::DashboardId,
///         /// The widget's ID.
///         widget_id: u64,
///     }
/// }
/// assert_eq!(<WidgetPath as shared::http::Input>::PATH_VARIABLES, ["id", "widget_id"]);
/// ```
#[macro_export]
macro_rules! path {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident { $($(#[$variable_meta:meta])* $variable:ident: $id:ty,)+ }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, ::utoipa::IntoParams)]
        #[into_params(parameter_in = Path)]
        $vis struct $name { $($(#[$variable_meta])* #[param(inline)] $vis $variable: $id,)+ }

        impl $crate::http::Input for $name {
            const PATH_VARIABLES: &'static [&'static str] = &[$(stringify!($variable)),+];
        }

        impl<S: Send + Sync> ::axum::extract::FromRequestParts<S> for $name {
            type Rejection = $crate::base::Error;

            async fn from_request_parts(
                parts: &mut ::axum::http::request::Parts,
                state: &S,
            ) -> Result<Self, Self::Rejection> {
                let variables = $crate::http::path::Variables::read(parts, state).await?;
                Ok(Self { $($variable: variables.id(stringify!($variable))?.into(),)+ })
            }
        }
    };
}

/// The variables of a path, decoded.
#[derive(Debug)]
pub struct Variables(HashMap<String, String>);

impl Variables {
    /// Decodes them.
    pub async fn read<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let variables = Path::from_request_parts(parts, state).await;
        let Path(variables) = variables
            .map_err(|_| Error::new(Code::NotFound, "The ID in the path is not percent-encoded UTF-8."))?;
        Ok(Self(variables))
    }

    /// One of them, as it is.
    pub fn text(&self, name: &str) -> Result<&str, Error> {
        let text = self.0.get(name).map(String::as_str);
        text.ok_or_else(|| Error::internal(format!("no {name} in the path")))
    }

    /// The ID that is one of them.
    pub fn id(&self, name: &str) -> Result<u64, Error> {
        // Routes are compared with their handlers when they are declared: a variable that a handler takes is there.
        let text = self.0.get(name).ok_or_else(|| Error::internal(format!("no {name} in the path")))?;
        let id = text.parse().ok().filter(|id| *id > 0 && text.bytes().all(|byte| byte.is_ascii_digit()));
        id.ok_or_else(|| {
            let detail = format!("{:?} is not an ID: IDs are whole numbers from 1.", excerpt(text));
            Error::new(Code::NotFound, detail)
        })
    }
}
