//! SVG as an outline: its elements with what they say, one a line, without where they are.

use std::fmt::Write as _;

use roxmltree::{Document, Node};

/// Attributes that are in the outline: what is said, and in which color.
const SHOWN: [&str; 9] = [
    "role",
    "aria-labelledby",
    "id",
    "fill",
    "stroke",
    "stroke-dasharray",
    "font-weight",
    "transform",
    "clip-path",
];

/// The outline of a drawing. Equal neighbors are counted.
pub(crate) fn outline(svg: &str) -> String {
    let document = Document::parse(svg).unwrap();
    let mut lines = Vec::new();
    add(document.root_element(), 0, &mut lines);
    let mut out = String::new();
    let mut index = 0;
    while index < lines.len() {
        let count = lines[index..].iter().take_while(|line| **line == lines[index]).count();
        let times = if count > 1 { format!(" ×{count}") } else { String::new() };
        writeln!(out, "{}{times}", lines[index]).unwrap();
        index += count;
    }
    out
}

fn add(node: Node<'_, '_>, depth: usize, lines: &mut Vec<String>) {
    let mut line = format!("{}{}", "  ".repeat(depth), node.tag_name().name());
    for attribute in node.attributes() {
        let (name, value) = (attribute.name(), attribute.value());
        if name == "transform" {
            line.push_str(" turned");
        } else if SHOWN.contains(&name) || name.starts_with("data-") {
            write!(line, " {}={value}", name.trim_start_matches("data-")).unwrap();
        }
    }
    let title = node.children().find(|child| child.has_tag_name("title"));
    let own: String = node.children().filter(Node::is_text).filter_map(|text| text.text()).collect();
    if !own.is_empty() {
        write!(line, " {own:?}").unwrap();
    }
    let is_root = depth == 0;
    if let Some(title) = title.filter(|_| !is_root) {
        write!(line, " title={:?}", title.text().unwrap_or_default()).unwrap();
    }
    lines.push(line);
    for child in node.children().filter(Node::is_element) {
        if is_root || !child.has_tag_name("title") {
            add(child, depth + 1, lines);
        }
    }
}
