//! What there is to draw of a widget.

use crate::data::Data;

/// What there is to draw of a widget.
#[derive(Clone, Copy, Debug)]
pub enum Content<'a> {
    /// The rows that its query came to.
    Data(Data<'a>),
    /// Why there are none, in words for whoever looks at the widget.
    Failure(&'a str),
    /// The widget is a text, which is in its options.
    Text,
}
