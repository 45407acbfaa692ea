//! Who gets in, in which order others are turned away, and what a refused request learns: nothing.

mod credentials;
mod order;
mod rounds;

use tests::TestKey;

/// The key with its 60th character, part of the secret, and a checksum to match.
fn forged(key: &TestKey) -> TestKey {
    use data_encoding::Specification;
    let mut alphabet = Specification::new();
    alphabet.symbols.push_str("0123456789abcdefghjkmnpqrstvwxyz");
    let alphabet = alphabet.encoding().unwrap();
    let (prefix, text) = key.key.split_at(16);
    let mut bytes = alphabet.decode(text.as_bytes()).unwrap();
    bytes[40] ^= 1;
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(prefix.as_bytes());
    checksum.update(&bytes[..56]);
    bytes[56..].copy_from_slice(&checksum.finalize().to_be_bytes());
    key.with(format!("{prefix}{}", alphabet.encode(&bytes)))
}
