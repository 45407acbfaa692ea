//! The layers of this crate, read off its imports: each uses only those before it, and within a layer no two files use each other,
//! however long the way round. Functions use this crate, and not each other.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The layers, the lowest first.
const LAYERS: [&str; 6] = ["base", "model", "http", "store", "access", "service"];

/// Paths of modules, from the crate on: `["store", "table"]`.
type Module = Vec<String>;

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every module of the crate, with its code: no comments, no tests.
fn modules() -> BTreeMap<Module, String> {
    let mut modules = BTreeMap::new();
    let mut folders = vec![source()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let relative = path.strip_prefix(source()).unwrap().with_extension("");
            let mut module: Module = relative.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
            if module.last().is_some_and(|name| name == "mod" || name == "lib") {
                module.pop();
            }
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
            modules.insert(module, lines.collect::<Vec<_>>().join("\n"));
        }
    }
    modules
}

/// The paths that code names from the crate on, with what a group in braces stands for written out.
fn named(module: &Module, code: &str) -> BTreeSet<Module> {
    let mut named = BTreeSet::new();
    for prefix in ["crate::", "super::"] {
        for (start, _) in code.match_indices(prefix) {
            let before = code[..start].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$' || c == ':') {
                continue;
            }
            let mut base = if prefix == "crate::" { Module::new() } else { module.clone() };
            let mut rest = &code[start + prefix.len()..];
            if prefix == "super::" {
                base.pop();
                while let Some(further) = rest.strip_prefix("super::") {
                    base.pop();
                    rest = further;
                }
            }
            let end =
                rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(rest.len());
            let path: Vec<_> =
                rest[..end].split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect();
            base.extend(path);
            match rest[end..].strip_prefix('{').and_then(|group| group.split('}').next()) {
                None => drop(named.insert(base)),
                Some(group) => named.extend(group.split(',').map(|item| {
                    let item = item.split_whitespace().next().unwrap_or("self");
                    base.iter().cloned().chain(item.split("::").map(str::to_owned)).collect()
                })),
            }
        }
    }
    named
}

/// The module that a path leads into: by its own name, or by what the modules on the way hand on (`pub use`).
fn target(modules: &BTreeMap<Module, String>, path: &Module) -> Option<Module> {
    let mut found = Module::new();
    for name in path {
        let next: Module = found.iter().cloned().chain([name.clone()]).collect();
        if modules.contains_key(&next) {
            found = next;
            continue;
        }
        let code = &modules[&found];
        let handed_on =
            code.split("use ").skip(1).filter_map(|item| item.split(';').next()).find_map(|item| {
                let (from, items) = item.rsplit_once("::")?;
                let names = items.trim_matches(['{', '}']).split(',').map(str::trim);
                let child: Module = found.iter().cloned().chain([from.to_owned()]).collect();
                (names.into_iter().any(|item| item == name) && modules.contains_key(&child)).then_some(child)
            });
        found = handed_on.unwrap_or(found);
        break;
    }
    (!found.is_empty()).then_some(found)
}

/// Which modules each module uses.
fn uses() -> BTreeMap<Module, BTreeSet<Module>> {
    let modules = modules();
    let uses = |(module, code): (&Module, &String)| {
        let used = named(module, code).into_iter().filter_map(|path| target(&modules, &path));
        (module.clone(), used.filter(|used| used != module).collect())
    };
    modules.iter().map(uses).collect()
}

#[test]
fn layers_use_only_those_before_them() {
    let mut seen = BTreeSet::new();
    for (module, used) in uses() {
        let Some(layer) = module.first() else { continue };
        let height = |layer: &str| LAYERS.iter().position(|name| *name == layer);
        let own = height(layer).unwrap_or_else(|| panic!("{layer} is no layer"));
        seen.insert(layer.clone());
        for other in used {
            let other_layer = height(&other[0]).unwrap_or_else(|| panic!("{other:?} is in no layer"));
            assert!(other_layer <= own, "{} uses {}", module.join("::"), other.join("::"));
        }
    }
    assert_eq!(seen, LAYERS.map(str::to_owned).into());
}

#[test]
fn no_file_uses_itself_by_way_of_others() {
    let uses = uses();
    assert!(uses[&vec!["store".to_owned(), "collection".to_owned()]].len() > 5, "imports are found");
    let mut done = BTreeSet::new();
    for start in uses.keys() {
        follow(&uses, start, &mut Vec::new(), &mut done);
    }
}

fn follow(
    uses: &BTreeMap<Module, BTreeSet<Module>>,
    module: &Module,
    way: &mut Vec<Module>,
    done: &mut BTreeSet<Module>,
) {
    if let Some(start) = way.iter().position(|passed| passed == module) {
        let circle: Vec<_> = way[start..].iter().map(|module| module.join("::")).collect();
        panic!("these use each other: {}", circle.join(" -> "));
    }
    if done.contains(module) {
        return;
    }
    way.push(module.clone());
    for next in &uses[module] {
        follow(uses, next, way, done);
    }
    way.pop();
    done.insert(module.clone());
}

#[test]
fn functions_do_not_use_each_other() {
    let functions = Path::new(env!("CARGO_MANIFEST_DIR")).join("../functions");
    let packages: Vec<_> = fs::read_dir(&functions)
        .unwrap()
        .map(|folder| folder.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(packages.len() >= 7);
    for package in &packages {
        let manifest = fs::read_to_string(functions.join(package).join("Cargo.toml")).unwrap();
        let dependencies = manifest.split_once("[dependencies]").unwrap().1;
        for other in &packages {
            let is_used = dependencies
                .lines()
                .any(|line| line.starts_with(&format!("{other}.")) || line.starts_with(&format!("{other} ")));
            assert!(!is_used, "{package} uses {other}");
        }
    }
}
