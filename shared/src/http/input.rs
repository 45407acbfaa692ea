//! What a handler takes of a request, as far as its route must fit it: the variables of its path, and whether it has a query.
//!
//! A route is compared with its handler when it is declared: one that does not fit fails the start, and every test, instead of
//! answering 404 to everybody.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::Uri;

/// Something that a handler takes.
pub trait Input {
    /// The variables of the path that it reads, in their order.
    const PATH_VARIABLES: &'static [&'static str] = &[];
    /// Whether it reads the query.
    const TAKES_QUERY: bool = false;
}

impl<S> Input for State<S> {}

impl Input for Uri {}

/// The one variable of a path that is no ID: a file's name.
impl Input for Result<Path<String>, PathRejection> {
    const PATH_VARIABLES: &'static [&'static str] = &["file"];
}

/// All that a handler takes, as axum's `Handler` names it: a marker, then each argument.
pub trait Inputs {
    /// The variables of the path that are read.
    fn path_variables() -> Vec<&'static str>;
    /// Whether the query is read.
    fn take_query() -> bool;
}

macro_rules! inputs {
    ($($input:ident)*) => {
        impl<M, $($input: Input),*> Inputs for (M, $($input,)*) {
            fn path_variables() -> Vec<&'static str> {
                [$($input::PATH_VARIABLES),*].concat()
            }

            fn take_query() -> bool {
                false $(|| $input::TAKES_QUERY)*
            }
        }
    };
}

impl Inputs for ((),) {
    fn path_variables() -> Vec<&'static str> {
        Vec::new()
    }

    fn take_query() -> bool {
        false
    }
}

inputs!(A);
inputs!(A B);
inputs!(A B C);
inputs!(A B C D);
inputs!(A B C D E);
inputs!(A B C D E F);
inputs!(A B C D E F G);
