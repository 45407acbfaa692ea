//! A file of orders, as large as it is wanted.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Orders in no order, with texts, numbers, money, days, times and flags: always the same.
pub(crate) fn write_orders(path: &Path, rows: u64) -> io::Result<()> {
    const COUNTRIES: [&str; 8] = ["DE", "FR", "IT", "ES", "US", "GB", "NL", "PL"];
    const CHANNELS: [&str; 4] = ["web", "store", "partner", "phone"];
    let mut random = fastrand::Rng::with_seed(2026);
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(
        file,
        "order_id,ordered_at,country,channel,product,quantity,unit_price,discount,revenue,ship_date,returned,note"
    )?;
    for row in 0..rows {
        let (second, quantity, cents) = (random.u64(..94_608_000), random.u64(1..9), random.u64(100..99_999));
        let discount = random.u64(..30);
        let revenue = quantity * cents * (100 - discount) / 100;
        let (day, rest) = (second / 86_400, second % 86_400);
        // 1,095 days from 2023-01-01 on, in months of 30 and a half, none of which has more than 28 days here.
        let (year, month, date) = (2023 + day / 365, day % 365 / 31 + 1, day % 365 % 31 % 28 + 1);
        writeln!(
            file,
            "{},{year}-{month:02}-{date:02}T{:02}:{:02}:{:02}Z,{},{},SKU-{:05},{quantity},{}.{:02},0.{discount:02},{}.{:02},\
             {year}-{month:02}-{date:02},{},\"order {row}, {}\"",
            100_000 + row,
            rest / 3_600,
            rest / 60 % 60,
            rest % 60,
            COUNTRIES[random.usize(..COUNTRIES.len())],
            CHANNELS[random.usize(..CHANNELS.len())],
            random.u64(..5_000),
            cents / 100,
            cents % 100,
            revenue / 100,
            revenue % 100,
            random.u8(..20) == 0,
            random.u64(..1_000_000),
        )?;
    }
    file.flush()
}
