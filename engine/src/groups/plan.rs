//! Groups a table's rows with `DataFusion`: its hash tables and accumulators over the columns that are in memory, on all cores.
//!
//! The physical plan is put together here: there is only ever one shape of it, so there is nothing for an optimizer to find.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::{DataType, Decimal128Type, Int64Type, SchemaRef, UInt32Type};
use datafusion_common::DataFusionError;
use datafusion_execution::{SendableRecordBatchStream, TaskContext};
use datafusion_expr::AggregateUDF;
use datafusion_functions_aggregate::{count, median, min_max, sum};
use datafusion_physical_expr::PhysicalExpr;
use datafusion_physical_expr::aggregate::{AggregateExprBuilder, AggregateFunctionExpr};
use datafusion_physical_expr::expressions::{Column as ColumnExpr, lit};
use datafusion_physical_plan::aggregates::{AggregateExec, AggregateMode, PhysicalGroupBy};
use datafusion_physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion_physical_plan::repartition::RepartitionExec;
use datafusion_physical_plan::stream::RecordBatchStreamAdapter;
use datafusion_physical_plan::streaming::{PartitionStream, StreamingTableExec};
use datafusion_physical_plan::{ExecutionPlan, Partitioning, displayable};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use parquet::file::statistics::Statistics;
use shared::model::query::TimeUnit;
use shared::model::table::Table;

use super::rows::{Input, Projection, input};
use super::{Aggregate, Grouping, Groups};
use crate::answer::measures::Measures;
use crate::file::bytes::{RangeRead, ReadError};
use crate::file::kept::Kept;
use crate::file::table::{Holding, TableFile};
use crate::types::MAX_DIGITS;
use shared::model::calendar;
use shared::model::resolved::{Resolved, TimeBounds};

/// How many groups are gathered by one thread: splitting fewer costs more than it saves.
const FEW_GROUPS: u64 = 50_000;

/// Where a table's rows are.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) files: Arc<dyn RangeRead>,
    pub(crate) kept: Arc<Kept>,
    pub(crate) file: Arc<TableFile>,
    /// About how many different values each column has, where it is known.
    pub(crate) distinct: Arc<[Option<u64>]>,
}

impl Source {
    pub(crate) fn of(
        files: &Arc<dyn RangeRead>,
        kept: &Arc<Kept>,
        file: Arc<TableFile>,
        table: &Table,
    ) -> Self {
        let distinct = table.columns.iter().map(|column| column.distinct_count).collect();
        Self { files: Arc::clone(files), kept: Arc::clone(kept), file, distinct }
    }
}

/// The groups of a table's rows.
pub(crate) async fn group(
    source: &Source,
    grouping: &Grouping<'_>,
    partitions: usize,
    context: Arc<TaskContext>,
) -> Result<Groups, DataFusionError> {
    let (plan, _) = prepare(source, grouping, partitions)?;
    let batches = datafusion_physical_plan::collect(Arc::clone(&plan), context).await?;
    let batch = concat_batches(&plan.schema(), &batches)?;
    groups(&batch, grouping, &source.file)
}

/// The columns and the row groups that the groups of a query's rows are made of, and how.
pub(crate) fn explain(
    resolved: &Resolved,
    source: &Source,
    partitions: usize,
) -> Result<(Vec<usize>, Vec<usize>, String), DataFusionError> {
    let measures = Measures::of(&resolved.measures);
    let grouping = Grouping::of(resolved, &measures.aggregates);
    let (plan, columns) = prepare(source, &grouping, partitions)?;
    let text = displayable(plan.as_ref()).indent(false).to_string();
    Ok((columns, needed_groups(&source.file, &grouping), text))
}

/// The plan, and the columns that it reads.
fn prepare(
    source: &Source,
    grouping: &Grouping<'_>,
    partitions: usize,
) -> Result<(Arc<dyn ExecutionPlan>, Vec<usize>), DataFusionError> {
    let file = &source.file;
    let is_wide: Vec<bool> = grouping.aggregates.iter().map(|aggregate| is_wide(*aggregate, file)).collect();
    let mut inputs: Vec<Input> = Vec::new();
    let mut input_of = Vec::new();
    for (aggregate, wide) in grouping.aggregates.iter().zip(&is_wide) {
        input_of.push(input(*aggregate, file, *wide).map(|input| {
            inputs.iter().position(|other| *other == input).unwrap_or_else(|| {
                inputs.push(input);
                inputs.len() - 1
            })
        }));
    }
    let projection = Arc::new(Projection::new(grouping, file, inputs)?);
    let schema = Arc::clone(&projection.schema);
    let rows = scan(source, grouping, &projection, partitions)?;
    let plan = plan(grouping, &input_of, rows, &schema, is_few(source, grouping))?;
    Ok((plan, projection.columns.clone()))
}

/// A table's rows, as they are grouped.
fn scan(
    source: &Source,
    grouping: &Grouping<'_>,
    projection: &Arc<Projection>,
    partitions: usize,
) -> Result<Arc<dyn ExecutionPlan>, DataFusionError> {
    let groups = needed_groups(&source.file, grouping);
    let partitions = partitions.min(groups.len()).max(1);
    let partition = |index: usize| {
        Arc::new(Scan {
            source: source.clone(),
            projection: Arc::clone(projection),
            groups: groups.iter().copied().skip(index).step_by(partitions).collect(),
        }) as Arc<dyn PartitionStream>
    };
    let partitions = (0..partitions).map(partition).collect();
    let schema = Arc::clone(&projection.schema);
    Ok(Arc::new(StreamingTableExec::try_new(schema, partitions, None, [], false, None)?))
}

/// The row groups that may have rows within the bounds.
pub(crate) fn needed_groups(file: &TableFile, grouping: &Grouping<'_>) -> Vec<usize> {
    let Some(TimeBounds { column, bounds }) = grouping.time else { return (0..file.groups()).collect() };
    let is_day = file.holding(column.index) == Some(Holding::Days);
    let unit = if is_day { 1 } else { calendar::DAY_MICROSECONDS };
    let (least_later, most_later) = grouping.moved.map_or((0, 0), super::days_later);
    let from = bounds.from.map(|from| i128::from(from) - i128::from(most_later) * i128::from(unit));
    let to = bounds.to.map(|to| i128::from(to) - i128::from(least_later) * i128::from(unit));
    let may_have = |extremes: &Option<(i128, i128)>| {
        extremes.is_none_or(|(least, greatest)| {
            from.is_none_or(|from| from <= greatest) && to.is_none_or(|to| least < to)
        })
    };
    let extremes = file.extremes(column.index);
    (0..file.groups()).filter(|group| may_have(&extremes[*group])).collect()
}

#[derive(Debug)]
struct Scan {
    source: Source,
    projection: Arc<Projection>,
    groups: Vec<usize>,
}

impl PartitionStream for Scan {
    fn schema(&self) -> &SchemaRef {
        &self.projection.schema
    }

    fn execute(&self, _context: Arc<TaskContext>) -> SendableRecordBatchStream {
        /// How many row groups are fetched ahead of the one that is worked on.
        const AHEAD: usize = 2;
        let (source, projection) = (self.source.clone(), Arc::clone(&self.projection));
        let load = move |group: usize| {
            let (source, projection) = (source.clone(), Arc::clone(&projection));
            async move {
                let Source { files, kept, file, .. } = &source;
                let parts = kept.columns(files.as_ref(), file, group, &projection.columns).await;
                let rows =
                    usize::try_from(file.footer.metadata().row_group(group).num_rows()).unwrap_or_default();
                parts.map(|parts| projection.slices(parts, rows)).map_err(external)
            }
        };
        let slices = stream::iter(self.groups.clone()).map(load).buffered(AHEAD).map_ok(|slices| {
            // Lets a query be cancelled between slices, though all of them are in memory.
            stream::iter(slices).map_err(DataFusionError::from).then(|slice| async {
                tokio::task::consume_budget().await;
                slice
            })
        });
        Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&self.projection.schema), slices.try_flatten()))
    }
}

fn external(error: ReadError) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}

fn plan(
    grouping: &Grouping<'_>,
    input_of: &[Option<usize>],
    rows: Arc<dyn ExecutionPlan>,
    schema: &SchemaRef,
    is_few: bool,
) -> Result<Arc<dyn ExecutionPlan>, DataFusionError> {
    let keys = grouping.dimensions.len();
    let column = |index: usize| -> Arc<dyn PhysicalExpr> {
        Arc::new(ColumnExpr::new(schema.field(index).name(), index))
    };
    let by = PhysicalGroupBy::new_single((0..keys).map(|key| (column(key), format!("k{key}"))).collect());
    let aggregates: Vec<Arc<AggregateFunctionExpr>> = grouping
        .aggregates
        .iter()
        .zip(input_of)
        .enumerate()
        .map(|(index, (aggregate, input))| {
            let argument = input.map_or_else(|| lit(1_i64), |input| column(keys + input));
            let data_type = argument.data_type(schema)?;
            let builder = AggregateExprBuilder::new(function(*aggregate, &data_type), vec![argument])
                .schema(Arc::clone(schema))
                .alias(format!("a{index}"))
                .with_distinct(matches!(aggregate, Aggregate::DistinctCount(_)));
            builder.build().map(Arc::new)
        })
        .collect::<Result<_, _>>()?;
    let filters = vec![None; aggregates.len()];
    let step = |mode, by: PhysicalGroupBy, input: Arc<dyn ExecutionPlan>| {
        AggregateExec::try_new(mode, by, aggregates.clone(), filters.clone(), input, Arc::clone(schema))
            .map(Arc::new)
    };
    let partitions = rows.properties().partitioning.partition_count();
    if partitions == 1 {
        return Ok(step(AggregateMode::Single, by, rows)?);
    }
    let partial = step(AggregateMode::Partial, by, rows)?;
    let by = partial.group_expr().as_final();
    if is_few {
        let gathered = Arc::new(CoalescePartitionsExec::new(partial));
        return Ok(step(AggregateMode::Final, by, gathered)?);
    }
    let keys =
        (0..keys).map(|key| -> Arc<dyn PhysicalExpr> { Arc::new(ColumnExpr::new(&format!("k{key}"), key)) });
    let split = RepartitionExec::try_new(partial, Partitioning::Hash(keys.collect(), partitions))?;
    let grouped = step(AggregateMode::FinalPartitioned, by, Arc::new(split))?;
    Ok(Arc::new(CoalescePartitionsExec::new(grouped)))
}

fn function(aggregate: Aggregate, input: &DataType) -> Arc<AggregateUDF> {
    match aggregate {
        Aggregate::CountRows | Aggregate::Count(_) | Aggregate::DistinctCount(_) => count::count_udaf(),
        Aggregate::Sum(_) if input == &DataType::Float64 => {
            Arc::new(AggregateUDF::from(super::float_sum::FloatSum::new()))
        }
        Aggregate::Sum(_) => sum::sum_udaf(),
        Aggregate::Min(_) => min_max::min_udaf(),
        Aggregate::Max(_) => min_max::max_udaf(),
        Aggregate::Median(_) => median::median_udaf(),
    }
}

/// Whether what is computed may have more than 64 bits.
fn is_wide(aggregate: Aggregate, file: &TableFile) -> bool {
    let (column, times) = match aggregate {
        Aggregate::Sum(column) => (column, i128::from(file.rows())),
        // The sum of two, each of them doubled.
        Aggregate::Median(column) => (column, 4),
        _ => return false,
    };
    let extremes = file.extremes(column.index);
    let groups = file.footer.metadata().row_groups().iter().zip(extremes);
    let mut most = 0_u128;
    for (group, extremes) in groups {
        let is_empty = group.column(column.index).statistics().and_then(Statistics::null_count_opt)
            == Some(group.num_rows().cast_unsigned());
        match extremes {
            Some((least, greatest)) => most = most.max(least.unsigned_abs()).max(greatest.unsigned_abs()),
            None if is_empty => {}
            None => return true,
        }
    }
    i128::try_from(most)
        .ok()
        .and_then(|most| most.checked_mul(times))
        .is_none_or(|sum| i64::try_from(sum).is_err())
}

/// Whether so few groups are expected that one thread gathers them.
fn is_few(source: &Source, grouping: &Grouping<'_>) -> bool {
    let mut counts = grouping.dimensions.iter().map(|dimension| {
        let distinct = source.distinct.get(dimension.column.index).copied().flatten();
        let Some(grain) = dimension.grain else { return distinct };
        let extremes: Option<Vec<_>> = source.file.extremes(dimension.column.index).into_iter().collect();
        let least = extremes.as_ref()?.iter().map(|(least, _)| *least).min()?;
        let greatest = extremes?.iter().map(|(_, greatest)| *greatest).max()?;
        let day = if source.file.holding(dimension.column.index) == Some(Holding::Days) {
            1
        } else {
            i128::from(calendar::DAY_MICROSECONDS)
        };
        let days = u64::try_from((greatest - least) / day).ok()? + 2;
        Some(if grain == TimeUnit::Hour { days * 24 } else { days })
    });
    counts
        .try_fold(1_u64, |product, count| product.checked_mul(count?))
        .is_some_and(|count| count <= FEW_GROUPS)
}

/// Groups as answers have them.
fn groups(batch: &RecordBatch, grouping: &Grouping<'_>, file: &TableFile) -> Result<Groups, DataFusionError> {
    let keys = grouping.dimensions.len();
    let (dimensions, aggregates) = batch.columns().split_at(keys);
    let dimensions =
        dimensions.iter().zip(&grouping.dimensions).map(|(values, dimension)| match dimension.grain {
            Some(_) => Ok(Arc::clone(values)),
            None => of_column(values, dimension.column.index, file),
        });
    let aggregates = aggregates.iter().zip(grouping.aggregates).map(|(values, aggregate)| match *aggregate {
        Aggregate::CountRows | Aggregate::Count(_) | Aggregate::DistinctCount(_) => Ok(Arc::clone(values)),
        Aggregate::Min(column) | Aggregate::Max(column) => of_column(values, column.index, file),
        Aggregate::Sum(column) => sums(values, column.index, file),
        Aggregate::Median(column) => medians(values, column.index, file),
    });
    Ok(Groups {
        count: batch.num_rows(),
        dimensions: dimensions.collect::<Result<_, DataFusionError>>()?,
        aggregates: aggregates.collect::<Result<_, DataFusionError>>()?,
    })
}

/// Values of a column that are held in its way.
fn of_column(values: &ArrayRef, column: usize, file: &TableFile) -> Result<ArrayRef, DataFusionError> {
    Ok(match (file.holding(column), values.data_type()) {
        (Some(Holding::Codes), DataType::UInt32) => match &file.dictionaries[column] {
            Some(dictionary) => Arc::new(dictionary.decode(values.as_primitive::<UInt32Type>())),
            None => Arc::clone(values),
        },
        (Some(Holding::Units(scale)), DataType::Int64) if scale != 0 || is_decimal(file, column) => {
            units(values, i128::from, scale)?
        }
        _ => Arc::clone(values),
    })
}

fn is_decimal(file: &TableFile, column: usize) -> bool {
    matches!(file.footer.schema().field(column).data_type(), DataType::Decimal64(..))
}

fn units(values: &ArrayRef, of: impl Fn(i64) -> i128, scale: i8) -> Result<ArrayRef, DataFusionError> {
    let decimals = values.as_primitive::<Int64Type>().unary::<_, Decimal128Type>(of);
    Ok(Arc::new(decimals.with_precision_and_scale(MAX_DIGITS, scale)?))
}

fn sums(values: &ArrayRef, column: usize, file: &TableFile) -> Result<ArrayRef, DataFusionError> {
    let Some(Holding::Units(scale) | Holding::Decimals(scale)) = file.holding(column) else {
        return Ok(Arc::clone(values));
    };
    match values.data_type() {
        DataType::Int64 if is_decimal(file, column) => units(values, i128::from, scale),
        DataType::Decimal128(..) => {
            let sums = values.as_primitive::<Decimal128Type>().clone();
            Ok(Arc::new(sums.with_precision_and_scale(MAX_DIGITS, scale)?))
        }
        _ => Ok(Arc::clone(values)),
    }
}

/// Medians with one more digit, of doubled ones: 5 in place of a half.
fn medians(values: &ArrayRef, column: usize, file: &TableFile) -> Result<ArrayRef, DataFusionError> {
    let scale = match file.holding(column) {
        Some(Holding::Units(scale) | Holding::Decimals(scale)) => scale + 1,
        _ => return Ok(Arc::clone(values)),
    };
    match values.data_type() {
        DataType::Int64 => units(values, |doubled| i128::from(doubled) * 5, scale),
        DataType::Decimal128(..) => {
            let doubled = values.as_primitive::<Decimal128Type>();
            let medians = doubled.unary::<_, Decimal128Type>(|doubled| doubled.saturating_mul(5));
            Ok(Arc::new(medians.with_precision_and_scale(MAX_DIGITS, scale)?))
        }
        _ => Ok(Arc::clone(values)),
    }
}
