//! The structure of the document, for those who have it read to them: headings, paragraphs, figures, tables.

use std::num::NonZeroU16;

use krilla::tagging::{Identifier, Node, Tag, TagGroup, TagKind, TagTree};

use super::shape::clean;

/// The language that the fixed texts are in. What a client wrote may be in any other.
pub(super) const LANGUAGE: &str = "en";

/// The elements as a tree: each knows the one that it is in.
#[derive(Default)]
pub(super) struct Structure(Vec<Element>);

struct Element {
    tag: TagKind,
    parent: Option<usize>,
}

impl Structure {
    /// Adds an element, in another or at the top, behind those that are there.
    pub(super) fn add(&mut self, tag: impl Into<TagKind>, parent: Option<usize>) -> usize {
        self.0.push(Element { tag: tag.into(), parent });
        self.0.len() - 1
    }

    /// The tree, with what was drawn for each element.
    pub(super) fn tree(&self, drawn: Vec<Vec<Identifier>>) -> TagTree {
        let mut groups: Vec<Option<TagGroup>> =
            self.0.iter().map(|element| Some(TagGroup::new(element.tag.clone()))).collect();
        for (group, identifiers) in groups.iter_mut().zip(drawn) {
            if let Some(group) = group {
                group.children.extend(identifiers.into_iter().map(Node::from));
            }
        }
        // An element's parent is in front of it, so that the last one is whole when it is put into its parent. Children are put
        // in from the last to the first.
        let mut children: Vec<Vec<Node>> = self.0.iter().map(|_| Vec::new()).collect();
        let mut top = Vec::new();
        for (index, element) in self.0.iter().enumerate().rev() {
            let Some(mut group) = groups[index].take() else { continue };
            group.children.extend(std::mem::take(&mut children[index]).into_iter().rev());
            // PDF/UA allows no element without anything in it.
            if group.children.is_empty() {
                continue;
            }
            match element.parent {
                Some(parent) => children[parent].push(Node::from(group)),
                None => top.push(Node::from(group)),
            }
        }
        let mut tree = TagTree::new().with_lang(Some(LANGUAGE.to_owned()));
        for node in top.into_iter().rev() {
            tree.push(node);
        }
        tree
    }

    /// How many elements there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

/// The element of a heading.
pub(super) fn heading(level: u16, title: &str) -> TagKind {
    let level = NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN);
    Tag::Hn(level, Some(clean(title))).into()
}
