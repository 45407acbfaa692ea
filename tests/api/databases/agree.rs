//! Asks questions everywhere, and holds the answers against that of the files.

use std::fmt::Write as _;

use serde_json::Value;

use super::answer::{Answer, floats};
use super::sources::{Source, Which, start};

/// A question to a table.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) which: Which,
    pub(super) query: Value,
}

/// How many failures are told in full, and how many differences of each.
const MOST_FAILURES: usize = 10;
const MOST_DIFFERENCES: usize = 8;

/// Asks only questions that have this text in them, if it is set.
const ONLY: &str = "QUESTIONS";

/// Asks questions of every source. Fails if any is answered otherwise than over files.
pub(super) async fn agree(questions: Vec<Question>) {
    let only = std::env::var(ONLY).unwrap_or_default();
    let (_app, sources) = start().await;
    let (files, live) = sources.split_first().unwrap();
    let (mut failures, mut asked, mut with_rows) = (Vec::new(), 0, 0);
    for question in questions.iter().filter(|question| question.query.to_string().contains(&only)) {
        asked += 1;
        let reply = files.ask(question.which, &question.query).await;
        assert_eq!(reply.status, 200, "{question:?}: {reply:?}");
        let expected = Answer::read(&reply);
        with_rows += usize::from(!expected.rows.is_empty());
        for source in live {
            failures.extend(failure(source, question, &expected).await);
        }
    }
    assert!(with_rows * 3 > asked || asked < 10, "only {with_rows} of {asked} questions have an answer");
    let told: Vec<&str> = failures.iter().take(MOST_FAILURES).map(String::as_str).collect();
    assert!(
        failures.is_empty(),
        "{} of {} answers are not as over files. The first of them:\n\n{}",
        failures.len(),
        asked * live.len(),
        told.join("\n\n"),
    );
}

/// What is wrong about a source's answer.
async fn failure(source: &Source, question: &Question, expected: &Answer) -> Option<String> {
    let reply = source.ask(question.which, &question.query).await;
    let differences = if reply.status == 200 {
        assert_eq!(reply.body["engine"], source.engine, "{reply:?}");
        expected.differences(&Answer::read(&reply), &floats(question.which.table(), &question.query))
    } else {
        vec![format!("{}: {}", reply.status, reply.body)]
    };
    if differences.is_empty() {
        return None;
    }
    let mut failure = format!("{}: {:?}, {}\n", source.engine, question.which, question.query);
    for difference in differences.iter().take(MOST_DIFFERENCES) {
        writeln!(failure, "  {difference}").unwrap();
    }
    if differences.len() > MOST_DIFFERENCES {
        writeln!(failure, "  and {} more", differences.len() - MOST_DIFFERENCES).unwrap();
    }
    let explained = source.explain(question.which, &question.query).await;
    let statement = explained.body.get("plan").unwrap_or(&explained.body);
    writeln!(failure, "{}", statement.as_str().map_or_else(|| statement.to_string(), str::to_owned)).unwrap();
    Some(failure)
}
