//! Plans: what an organization may have, as a table.

use crate::string_enum;

string_enum! {
    /// What an organization pays for.
    #[expect(missing_docs, reason = "the plans are named, not explained, by the API")]
    pub enum Plan {
        Trial = "trial",
        Starter = "starter",
        Professional = "professional",
        Enterprise = "enterprise",
        Unlimited = "unlimited",
    }
}

const MB: u64 = 1_000_000;
const GB: u64 = 1_000 * MB;

impl Plan {
    /// How large a file may be, in bytes. 5 GB is what S3 takes in one piece
    /// ([PutObject](https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html)).
    pub fn max_file_bytes(self) -> u64 {
        match self {
            Self::Trial | Self::Starter => 10 * MB,
            Self::Professional => 100 * MB,
            Self::Enterprise => GB,
            Self::Unlimited => 5 * GB,
        }
    }
}
