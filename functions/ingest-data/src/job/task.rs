//! What the messages of the queue ask for: S3 tells of files, and we of what is to be done later.

use percent_encoding::percent_decode_str;
use serde::Deserialize;
use shared::service::queue_event::Message;
use shared::store::Job;

use crate::job::work::ImportPlace;

/// What a message asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// A file has arrived: import it.
    Import(Upload),
    /// Something that we have sent ourselves.
    Job(Job),
}

/// A file that has arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Upload {
    /// The import that it is for.
    pub place: ImportPlace,
    /// Which version of the object it is, where the bucket has versions.
    pub version: Option<String>,
}

/// A message that says nothing that is understood.
#[derive(Debug, thiserror::Error)]
#[error("a message that is neither S3's nor ours: {0}")]
pub(crate) struct UnknownMessage(&'static str);

/// S3's notification, as far as it matters
/// ([its structure](https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html)).
#[derive(Deserialize)]
#[serde(untagged)]
enum Body {
    Notification {
        #[serde(rename = "Records")]
        records: Vec<Notification>,
    },
    /// Sent once, when the bucket is told to notify.
    Test {
        #[serde(rename = "Event")]
        event: String,
    },
    Job(Job),
}

#[derive(Deserialize)]
struct Notification {
    s3: Entity,
}

#[derive(Deserialize)]
struct Entity {
    object: Object,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Object {
    key: String,
    version_id: Option<String>,
}

/// What a message asks for.
pub(crate) fn tasks(message: &Message) -> Result<Vec<Task>, UnknownMessage> {
    let body = serde_json::from_str(&message.body).map_err(|_| UnknownMessage("its body"))?;
    match body {
        Body::Notification { records } => records.into_iter().map(Notification::task).collect(),
        Body::Test { event } if event == "s3:TestEvent" => Ok(Vec::new()),
        Body::Test { .. } => Err(UnknownMessage("its event")),
        Body::Job(job) => Ok(vec![Task::Job(job)]),
    }
}

impl Notification {
    fn task(self) -> Result<Task, UnknownMessage> {
        let Object { key, version_id } = self.s3.object;
        // Keys are URL-encoded; ours have nothing in them that could be.
        let key = percent_decode_str(&key).decode_utf8().map_err(|_| UnknownMessage("its key"))?;
        let mut ids = key.strip_prefix("uploads/").unwrap_or_default().split('/').map(str::parse::<u64>);
        match (ids.next(), ids.next(), ids.next(), ids.next()) {
            (Some(Ok(organization)), Some(Ok(data_source)), Some(Ok(import)), None) => {
                let place = ImportPlace {
                    organization: organization.into(),
                    data_source: data_source.into(),
                    import: import.into(),
                };
                Ok(Task::Import(Upload { place, version: version_id }))
            }
            _ => Err(UnknownMessage("its key")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tasks(body: &str) -> Result<Vec<Task>, UnknownMessage> {
        super::tasks(&Message { message_id: "1".to_owned(), body: body.to_owned() })
    }

    fn notification(key: &str) -> String {
        format!(
            r#"{{"Records":[{{"eventVersion":"2.1","eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{{"s3SchemaVersion":"1.0","bucket":{{"name":"b"}},"object":{{"key":"{key}","size":5,"eTag":"e","versionId":"v1","sequencer":"0055"}}}}}}]}}"#
        )
    }

    #[test]
    fn a_notification_names_the_import() {
        let place = ImportPlace { organization: 1.into(), data_source: 22.into(), import: 3.into() };
        let upload = Upload { place, version: Some("v1".to_owned()) };
        assert_eq!(tasks(&notification("uploads/1/22/3")).unwrap(), [Task::Import(upload)]);
    }

    #[test]
    fn what_s3_sends_when_it_is_told_to_notify_asks_for_nothing() {
        let test = r#"{"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2026-11-24T00:00:00.000Z","Bucket":"b"}"#;
        assert_eq!(tasks(test).unwrap(), []);
    }

    #[test]
    fn our_own_jobs_are_read_back() {
        let (organization, data_source) = (1.into(), 2.into());
        for job in [
            Job::Sweep { organization, data_source },
            Job::Import { organization, data_source, import: 3.into() },
            Job::ImportsAfter { organization, data_source, after: 2.into() },
            Job::Refresh {
                organization,
                data_source,
                scheduled_for: "2027-01-15T08:00:00Z".parse().unwrap(),
            },
            Job::SyncRefresh { organization, data_source },
            Job::SyncRefreshes { organization, after: data_source },
        ] {
            assert_eq!(tasks(&serde_json::to_string(&job).unwrap()).unwrap(), [Task::Job(job)]);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for body in ["", "{}", "[]", r#"{"job":"dance"}"#, r#"{"Event":"s3:Other"}"#] {
            assert!(tasks(body).is_err(), "{body}");
        }
        for key in [
            "",
            "data/1/2/3",
            "uploads/1/2",
            "uploads/1/2/3/4",
            "uploads/1/2/x",
            "uploads/-1/2/3",
            "uploads/1/%ff/3",
        ] {
            assert!(tasks(&notification(key)).is_err(), "{key}");
        }
    }
}
