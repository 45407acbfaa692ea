//! Revenue and orders by country, from a Parquet file: DataFusion, as its guide has it.

use datafusion::error::Result;
use datafusion::functions_aggregate::expr_fn::{count, sum};
use datafusion::prelude::{ParquetReadOptions, SessionConfig, SessionContext, col, lit};

fn main() -> Result<()> {
    let parquet = std::env::args().nth(1).expect("bare-datafusion PARQUET");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(2));
        let orders = context.read_parquet(parquet, ParquetReadOptions::default()).await?;
        let measures = vec![sum(col("revenue")).alias("revenue"), count(lit(1)).alias("orders")];
        let revenue = orders.aggregate(vec![col("country")], measures)?;
        revenue.sort(vec![col("revenue").sort(false, false)])?.show().await
    })
}
