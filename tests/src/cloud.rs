//! Services of AWS in accounts that need not be ours: buckets of customers are in the bucket's own server, the others at root.

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;

use crate::RouterWire;

#[derive(Debug)]
struct CloudWire {
    at_root: RouterWire,
    buckets: RouterWire,
}

impl HttpConnector for CloudWire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let path = request.uri().split_once("://").and_then(|(_, rest)| rest.split_once('/'));
        let is_root = path.is_none_or(|(_, path)| path.is_empty());
        if is_root { self.at_root.call(request) } else { self.buckets.call(request) }
    }
}

/// What reaches Athena and STS, and buckets.
pub(crate) fn connector(at_root: &RouterWire, buckets: &RouterWire) -> SharedHttpConnector {
    SharedHttpConnector::new(CloudWire { at_root: at_root.clone(), buckets: buckets.clone() })
}
