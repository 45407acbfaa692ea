//! Counts DynamoDB calls from within the client: when each began and ended, and what it consumed.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::operation::batch_get_item::{BatchGetItemInput, BatchGetItemOutput};
use aws_sdk_dynamodb::operation::get_item::{GetItemInput, GetItemOutput};
use aws_sdk_dynamodb::operation::transact_write_items::{TransactWriteItemsInput, TransactWriteItemsOutput};
use aws_sdk_dynamodb::operation::update_item::{UpdateItemInput, UpdateItemOutput};
use aws_sdk_dynamodb::types::{ConsumedCapacity, ReturnConsumedCapacity};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeSerializationInterceptorContextMut, BeforeSerializationInterceptorContextRef,
    FinalizerInterceptorContextRef, Input, Output,
};
use aws_smithy_types::config_bag::{Storable, StoreReplace};

/// What has been called since the last reading.
#[derive(Clone, Debug, Default)]
pub(crate) struct Meter(Arc<Mutex<Vec<Span>>>);

#[derive(Clone, Copy, Debug)]
struct Span {
    began: Instant,
    ended: Instant,
    units: f64,
}

/// A reading.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Reading {
    /// Calls that had to wait for each other.
    pub(crate) rounds: usize,
    /// All calls.
    pub(crate) calls: usize,
    /// Capacity units, read and write.
    pub(crate) units: f64,
}

impl Meter {
    /// Reads the meter and sets it back.
    pub(crate) fn take(&self) -> Reading {
        let mut spans = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        spans.sort_by_key(|span| span.ended);
        let (mut rounds, mut last_end) = (0, None);
        for span in &spans {
            if last_end.is_none_or(|end| span.began >= end) {
                rounds += 1;
                last_end = Some(span.ended);
            }
        }
        Reading { rounds, calls: spans.len(), units: spans.iter().map(|span| span.units).sum() }
    }
}

#[derive(Debug)]
struct Began(Instant);

impl Storable for Began {
    type Storer = StoreReplace<Self>;
}

impl Intercept for Meter {
    fn name(&self) -> &'static str {
        "Meter"
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
        ask_for_capacity(context.input_mut());
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
        let units = context.output_or_error().and_then(|result| result.ok()).map_or(0.0, units);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Span { began, ended, units });
        Ok(())
    }
}

fn ask_for_capacity(input: &mut Input) {
    let total = Some(ReturnConsumedCapacity::Total);
    if let Some(input) = input.downcast_mut::<GetItemInput>() {
        input.return_consumed_capacity = total;
    } else if let Some(input) = input.downcast_mut::<BatchGetItemInput>() {
        input.return_consumed_capacity = total;
    } else if let Some(input) = input.downcast_mut::<UpdateItemInput>() {
        input.return_consumed_capacity = total;
    } else if let Some(input) = input.downcast_mut::<TransactWriteItemsInput>() {
        input.return_consumed_capacity = total;
    }
}

fn units(output: &Output) -> f64 {
    let of = |consumed: &ConsumedCapacity| consumed.capacity_units.unwrap_or_default();
    if let Some(output) = output.downcast_ref::<GetItemOutput>() {
        output.consumed_capacity.as_ref().map_or(0.0, of)
    } else if let Some(output) = output.downcast_ref::<UpdateItemOutput>() {
        output.consumed_capacity.as_ref().map_or(0.0, of)
    } else if let Some(output) = output.downcast_ref::<BatchGetItemOutput>() {
        output.consumed_capacity().iter().map(of).sum()
    } else if let Some(output) = output.downcast_ref::<TransactWriteItemsOutput>() {
        output.consumed_capacity().iter().map(of).sum()
    } else {
        0.0
    }
}
