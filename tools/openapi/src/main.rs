//! `cargo run -p openapi > openapi.json`

fn main() {
    println!("{:#}", openapi::document());
}
