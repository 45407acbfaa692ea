//! A network of a test's own, with a public address and names that lead elsewhere from one look-up to the next.
//!
//! A process looks names up as its system does, and nothing that a test could put in its way would show what it does with the answers. So
//! such a test runs once more in a process that has namespaces of its own (`unshare`, `ip`), where this file answers.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, UdpSocket};
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// An address of the network that is on the public internet elsewhere.
pub const PUBLIC: IpAddr = IpAddr::V4(PUBLIC_V4);
const PUBLIC_V4: Ipv4Addr = Ipv4Addr::new(8, 8, 8, 8);

/// Set in the process that has the network.
const INSIDE: &str = "CLARIBI_TEST_OWN_NETWORK";

const NAMESPACES: [&str; 4] = ["--user", "--map-root-user", "--net", "--mount"];

/// Whether this process has the network, and the test goes on. If not, it is run in one that has: `path` is its module's, `name` its
/// function's. Where namespaces cannot be made, it says that the test did not run.
pub fn enter(path: &str, name: &str) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return true;
    }
    let may = Command::new("unshare").args(NAMESPACES).args(["ip", "link", "set", "lo", "up"]).output();
    if !may.is_ok_and(|done| done.status.success()) {
        eprintln!("{name} did not run: it needs unshare and ip, and to be allowed namespaces.");
        return false;
    }
    let resolver = tempfile::NamedTempFile::new().expect("there is room for a file");
    std::fs::write(resolver.path(), "nameserver 127.0.0.1\noptions ndots:1\n")
        .expect("it is this test's own");
    let enter = format!(
        "ip link set lo up && ip address add {PUBLIC}/32 dev lo && mount --bind {} /etc/resolv.conf && exec \"$@\"",
        resolver.path().display()
    );
    let module = path.split_once("::").map_or(path, |(_, module)| module);
    let done = Command::new("unshare")
        .args(NAMESPACES)
        .args(["sh", "-c", &enter, "sh"])
        .arg(std::env::current_exe().expect("tests are files"))
        .args(["--exact", &format!("{module}::{name}"), "--nocapture"])
        .env(INSIDE, "1")
        .output()
        .expect("it was just run");
    let told = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && told.contains("1 passed"), "{told}");
    false
}

/// Answers who looks names up: each leads to [`PUBLIC`] the first time, and to this machine from then on.
#[derive(Clone, Debug, Default)]
pub struct Names(Arc<Mutex<HashMap<String, usize>>>);

impl Names {
    /// Begins to answer, in the network of the test's own.
    pub fn start() -> Self {
        let names = Self::default();
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 53)).expect("the network is the test's own");
        let answering = names.clone();
        std::thread::spawn(move || {
            let mut query = [0; 512];
            while let Ok((length, from)) = socket.recv_from(&mut query) {
                if let Some(answer) = answering.answer(&query[..length]) {
                    let _ = socket.send_to(&answer, from);
                }
            }
        });
        names
    }

    /// How often a name was looked up.
    pub fn look_ups(&self, name: &str) -> usize {
        self.asked().get(name).copied().unwrap_or_default()
    }

    fn asked(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer to a query (RFC 1035, section 4.1): of one question, for the IPv4 address if it asks for that, and for nothing else.
    fn answer(&self, query: &[u8]) -> Option<Vec<u8>> {
        const HEADER: u8 = 12;
        let (id, rest) = (query.get(..2)?, query.get(HEADER.into()..)?);
        let mut labels = Vec::new();
        let mut end = 0;
        while let Some(length @ 1..) = rest.get(end).copied().map(usize::from) {
            labels.push(String::from_utf8_lossy(rest.get(end + 1..=end + length)?).to_ascii_lowercase());
            end += 1 + length;
        }
        let question = rest.get(..end + 5)?;
        let is_of_v4 = question.get(end + 1..end + 3)? == [0, 1];
        // An answer, without an error: one question, as many answers as follow.
        let heading = [0x81, 0x80, 0, 1, 0, u8::from(is_of_v4), 0, 0, 0, 0];
        let mut answer = [id, heading.as_slice(), question].concat();
        if is_of_v4 {
            let mut names = self.asked();
            let asked = names.entry(labels.join(".")).or_default();
            let address = if *asked == 0 { PUBLIC_V4 } else { Ipv4Addr::LOCALHOST };
            *asked += 1;
            // The question's name, an IPv4 address, of the internet, good for no time, of four bytes.
            answer.extend([0xc0, HEADER, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]);
            answer.extend(address.octets());
        }
        Some(answer)
    }
}
