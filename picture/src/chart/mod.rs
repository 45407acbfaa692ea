//! Widgets as SVG: one picture each, in one look.

mod axis;
mod bars;
mod describe;
mod frame;
mod funnel;
mod gauge;
mod heatmap;
mod legend;
mod lines;
mod metric;
mod pie;
mod plot;
mod scatter;
mod scene;
mod series;
mod table;
mod text;

use shared::model::dashboard::{Widget, WidgetType};

use crate::data::Data;
use crate::theme::Theme;
use scene::Scene;

/// The least width or height of a picture, in CSS pixels.
pub const MIN_SIDE: u32 = 100;

/// The greatest width or height of a picture, in CSS pixels.
pub const MAX_SIDE: u32 = 4_000;

/// How large a picture is, in CSS pixels. Each side is `MIN_SIDE` to `MAX_SIDE`; what is beyond them is drawn as the nearer of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// How wide it is.
    pub width: u32,
    /// How high it is.
    pub height: u32,
}

impl Default for Size {
    fn default() -> Self {
        Self { width: 640, height: 400 }
    }
}

/// What there is to draw.
#[derive(Clone, Copy, Debug)]
pub enum Content<'a> {
    /// The rows of the widget's query.
    Data(Data<'a>),
    /// Why there are none, in words for the reader.
    Failure(&'a str),
    /// The text in the widget's options.
    Text,
}

/// Draws a widget as SVG. `title`: whether its title is written in the picture; it is always there for screen readers.
///
/// All is escaped that a client wrote. Ids in the picture begin with the widget's, so that several pictures can be in one page.
pub fn chart(widget: &Widget, content: Content<'_>, size: Size, theme: Theme, title: bool) -> String {
    let mut scene = Scene::new(widget, size, theme);
    scene.begin(&describe::describe(widget, &content));
    scene.draw_ground(title);
    match content {
        Content::Failure(reason) => frame::message(&mut scene, reason),
        Content::Text => text::draw(&mut scene),
        Content::Data(data) => draw_data(&mut scene, &data),
    }
    scene.finish()
}

fn draw_data(scene: &mut Scene<'_>, data: &Data<'_>) {
    if data.row_count == 0 || data.columns.is_empty() {
        frame::message(scene, frame::NO_DATA);
        return;
    }
    match scene.widget.widget_type {
        WidgetType::Line => lines::draw(scene, data, lines::Kind::Line),
        WidgetType::Area => lines::draw(scene, data, lines::Kind::Area),
        WidgetType::Bar => bars::draw(scene, data),
        WidgetType::Pie => pie::draw(scene, data),
        WidgetType::Scatter => scatter::draw(scene, data),
        WidgetType::Metric => metric::draw(scene, data),
        WidgetType::Table => table::draw(scene, data),
        WidgetType::Funnel => funnel::draw(scene, data),
        WidgetType::Gauge => gauge::draw(scene, data),
        WidgetType::Heatmap => heatmap::draw(scene, data),
        WidgetType::Text => text::draw(scene),
    }
}
