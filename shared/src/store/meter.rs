//! Meters what a request costs: DynamoDB from within its client – how many calls a request made, how many of them had to wait for others,
//! and what they consumed – and what its queries went through, as they say themselves.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::operation::batch_get_item::{BatchGetItemInput, BatchGetItemOutput};
use aws_sdk_dynamodb::operation::delete_item::{DeleteItemInput, DeleteItemOutput};
use aws_sdk_dynamodb::operation::get_item::{GetItemInput, GetItemOutput};
use aws_sdk_dynamodb::operation::put_item::{PutItemInput, PutItemOutput};
use aws_sdk_dynamodb::operation::transact_write_items::{TransactWriteItemsInput, TransactWriteItemsOutput};
use aws_sdk_dynamodb::operation::update_item::{UpdateItemInput, UpdateItemOutput};
use aws_sdk_dynamodb::types::{ConsumedCapacity, ReturnConsumedCapacity};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeSerializationInterceptorContextMut, BeforeSerializationInterceptorContextRef,
    FinalizerInterceptorContextRef, Input, Output,
};
use aws_smithy_types::config_bag::{Storable, StoreReplace};

tokio::task_local! {
    static METER: Meter;
}

/// Meters the calls made while a future runs.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<Mutex<Metered>>);

#[derive(Debug, Default)]
struct Metered {
    spans: Vec<Span>,
    bytes_scanned: u64,
}

#[derive(Clone, Copy, Debug)]
struct Span {
    began: Instant,
    ended: Instant,
    units: Units,
}

/// Capacity units.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Units {
    read: f64,
    write: f64,
}

/// A reading.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reading {
    /// Calls that had to wait for each other.
    pub rounds: usize,
    /// Read capacity units consumed.
    pub read_units: f64,
    /// Write capacity units consumed. Those of calls that were refused are billed, but not told.
    pub write_units: f64,
    /// Bytes of columns that queries went through.
    pub bytes_scanned: u64,
}

impl Meter {
    /// The meter that is running, or a new one.
    pub fn current() -> Self {
        METER.try_with(Clone::clone).unwrap_or_default()
    }

    /// Runs a future, metering its calls.
    pub async fn measure<F: Future>(&self, future: F) -> F::Output {
        METER.scope(self.clone(), future).await
    }

    /// Has a future that will run elsewhere, on a task of its own, metered where this is called.
    pub fn carry<F: Future>(future: F) -> impl Future<Output = F::Output> {
        let meter = Self::current();
        async move { meter.measure(future).await }
    }

    /// Adds to the bytes that queries went through.
    pub fn add_scanned(&self, bytes: u64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).bytes_scanned += bytes;
    }

    /// What has been metered so far.
    pub fn read(&self) -> Reading {
        let (mut spans, bytes_scanned) = {
            let metered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            (metered.spans.clone(), metered.bytes_scanned)
        };
        spans.sort_by_key(|span| span.ended);
        let mut reading = Reading { bytes_scanned, ..Reading::default() };
        let mut last_end = None;
        for span in spans {
            reading.read_units += span.units.read;
            reading.write_units += span.units.write;
            if last_end.is_none_or(|end| span.began >= end) {
                reading.rounds += 1;
                last_end = Some(span.ended);
            }
        }
        reading
    }
}

/// The interceptor that meters; to be given to the client once.
#[derive(Clone, Copy, Debug)]
pub struct Metering;

#[derive(Debug)]
struct Began(Instant);

impl Storable for Began {
    type Storer = StoreReplace<Self>;
}

impl Intercept for Metering {
    fn name(&self) -> &'static str {
        "Metering"
    }

    fn read_before_execution(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        bag.interceptor_state().store_put(Began(Instant::now()));
        Ok(())
    }

    fn modify_before_serialization(
        &self,
        context: &mut BeforeSerializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        ask_for_units(context.input_mut());
        Ok(())
    }

    fn read_after_execution(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let ended = Instant::now();
        let began = bag.load::<Began>().map_or(ended, |began| began.0);
        let units = context.output_or_error().and_then(Result::ok).map(units).unwrap_or_default();
        // Calls outside a request are nobody's.
        let _ = METER.try_with(|meter| {
            meter.0.lock().unwrap_or_else(PoisonError::into_inner).spans.push(Span { began, ended, units });
        });
        Ok(())
    }
}

/// Asks for what the call consumes to be told.
fn ask_for_units(input: &mut Input) {
    macro_rules! ask {
        ($($input:ty)+) => {$(
            if let Some(input) = input.downcast_mut::<$input>() {
                input.return_consumed_capacity = Some(ReturnConsumedCapacity::Total);
            }
        )+};
    }
    ask!(GetItemInput BatchGetItemInput UpdateItemInput PutItemInput DeleteItemInput TransactWriteItemsInput);
}

fn units(output: &Output) -> Units {
    fn one(consumed: Option<&ConsumedCapacity>) -> f64 {
        consumed.and_then(|consumed| consumed.capacity_units).unwrap_or_default()
    }
    fn sum(consumed: &[ConsumedCapacity]) -> f64 {
        consumed.iter().map(|consumed| one(Some(consumed))).sum()
    }
    let read = |read| Units { read, write: 0.0 };
    let write = |write| Units { read: 0.0, write };
    if let Some(output) = output.downcast_ref::<GetItemOutput>() {
        read(one(output.consumed_capacity()))
    } else if let Some(output) = output.downcast_ref::<BatchGetItemOutput>() {
        read(sum(output.consumed_capacity()))
    } else if let Some(output) = output.downcast_ref::<UpdateItemOutput>() {
        write(one(output.consumed_capacity()))
    } else if let Some(output) = output.downcast_ref::<PutItemOutput>() {
        write(one(output.consumed_capacity()))
    } else if let Some(output) = output.downcast_ref::<DeleteItemOutput>() {
        write(one(output.consumed_capacity()))
    } else if let Some(output) = output.downcast_ref::<TransactWriteItemsOutput>() {
        write(sum(output.consumed_capacity()))
    } else {
        Units::default()
    }
}
