//! The demo's orders, as a CSV file.

use std::fmt::Write as _;

use jiff::civil::Date;

use super::history::{History, is_weekend, month_index, season, weekday};
use super::random::Random;

/// How many orders there are.
const ORDERS: u64 = 10_000;

const FIRST_ORDER_ID: u64 = 100_001;
const SEED: u64 = 0x5a1e5;

const HEADER: &str = "order_id,ordered_at,region,country,channel,product,category,quantity,unit_price,discount,\
                      revenue,cost,returned,customer_id\n";

/// Where orders come from: region, country, weight at the start and what it gains until the end.
const COUNTRIES: [(&str, &str, u64, u64); 12] = [
    ("North America", "US", 340, 20),
    ("North America", "CA", 70, 10),
    ("Europe", "DE", 130, 10),
    ("Europe", "GB", 110, 0),
    ("Europe", "FR", 90, 20),
    ("Europe", "ES", 40, 20),
    ("Asia Pacific", "JP", 50, 70),
    ("Asia Pacific", "AU", 50, 40),
    ("Asia Pacific", "SG", 20, 50),
    ("Latin America", "BR", 50, 20),
    ("Latin America", "MX", 40, 20),
    ("Latin America", "CL", 10, 20),
];

/// How orders come in: weight on a working day, weight at the weekend.
const CHANNELS: [(&str, u64, u64); 3] = [("web", 60, 64), ("store", 24, 33), ("partner", 16, 3)];

struct Product {
    name: &'static str,
    category: &'static str,
    price_cents: u64,
    cost_percent: u64,
    popularity: u64,
}

const fn product(
    category: &'static str,
    name: &'static str,
    price_cents: u64,
    cost_percent: u64,
    popularity: u64,
) -> Product {
    Product { name, category, price_cents, cost_percent, popularity }
}

const PRODUCTS: [Product; 21] = [
    product("Electronics", "Noise-Canceling Headphones", 24_900, 58, 60),
    product("Electronics", "Mechanical Keyboard", 12_900, 55, 55),
    product("Electronics", "4K Monitor", 38_900, 68, 35),
    product("Electronics", "USB-C Dock", 17_900, 60, 40),
    product("Electronics", "Webcam", 8_900, 52, 45),
    product("Furniture", "Standing Desk", 54_900, 57, 25),
    product("Furniture", "Office Chair", 32_900, 54, 35),
    product("Furniture", "Bookshelf", 14_900, 50, 25),
    product("Furniture", "Desk Lamp", 5_900, 44, 45),
    product("Apparel", "Rain Jacket", 11_900, 42, 35),
    product("Apparel", "Running Shoes", 10_900, 46, 60),
    product("Apparel", "Wool Sweater", 8_900, 40, 35),
    product("Apparel", "Cotton T-Shirt", 2_400, 33, 70),
    product("Kitchen", "Espresso Machine", 44_900, 61, 22),
    product("Kitchen", "Chef's Knife", 7_900, 45, 35),
    product("Kitchen", "Cast-Iron Skillet", 4_900, 43, 40),
    product("Kitchen", "Water Kettle", 3_900, 47, 45),
    product("Outdoor", "Two-Person Tent", 22_900, 53, 25),
    product("Outdoor", "Sleeping Bag", 12_900, 49, 30),
    product("Outdoor", "Trekking Poles", 6_900, 46, 30),
    product("Outdoor", "Headlamp", 3_400, 41, 40),
];

/// How much a category sells in each month, in percent of the others; 100 where it is not named.
const CATEGORY_SEASONS: [(&str, [u64; 12]); 3] = [
    ("Outdoor", [50, 60, 100, 140, 180, 210, 220, 180, 110, 70, 50, 80]),
    ("Apparel", [80, 80, 110, 110, 100, 90, 80, 90, 120, 140, 120, 110]),
    ("Kitchen", [90, 90, 90, 90, 90, 90, 80, 80, 90, 110, 150, 190]),
];

/// How many orders come in each hour of the day, in comparison.
const HOURS: [u64; 24] =
    [6, 4, 3, 2, 2, 3, 8, 18, 34, 48, 56, 60, 62, 58, 54, 52, 54, 58, 62, 66, 60, 44, 26, 12];

/// Discounts in percent, and their weights in November and in all other months.
const DISCOUNTS: [(u64, u64, u64); 5] = [(0, 30, 66), (5, 10, 12), (10, 20, 13), (15, 15, 6), (20, 25, 3)];

/// Quantities and their weights.
const QUANTITIES: [(u64, u64); 6] = [(1, 62), (2, 21), (3, 9), (4, 4), (6, 3), (10, 1)];

/// 10,000 orders of the three years before the day. The same day makes the same orders.
pub fn csv(end: Date) -> String {
    let history = History::until(end);
    let mut random = Random::new(SEED);
    let days: Vec<_> = history.days().map(|day| (day, busyness(history, day, &mut random))).collect();
    let total: u64 = days.iter().map(|(_, busyness)| busyness).sum();
    let mut csv = HEADER.to_owned();
    let (mut reached, mut written) = (0, 0);
    for (day, busyness) in days {
        reached += busyness;
        // By what has been reached, so that all of them are there at the end.
        let count = ORDERS * reached / total - written;
        let mut seconds: Vec<_> = (0..count).map(|_| second_of_day(&mut random)).collect();
        seconds.sort_unstable();
        for second in seconds {
            write_order(&mut csv, FIRST_ORDER_ID + written, history, day, second, &mut random);
            written += 1;
        }
    }
    csv
}

/// How many orders come in on a day, in comparison: twice as many at the end as at the start.
fn busyness(history: History, day: Date, random: &mut Random) -> u64 {
    (1_000 + history.progress(day)) * season(day) * weekday(day) * random.between(75, 125)
}

fn second_of_day(random: &mut Random) -> u64 {
    let hours: Vec<_> = (0..).zip(HOURS).collect();
    let (hour, _) = random.pick(&hours, |(_, weight)| *weight);
    hour * 3_600 + random.below(3_600)
}

fn write_order(csv: &mut String, id: u64, history: History, day: Date, second: u64, random: &mut Random) {
    let progress = history.progress(day);
    let (region, country, ..) =
        random.pick(&COUNTRIES, |(_, _, weight, gain)| weight * 1_000 + gain * progress);
    let (channel, ..) =
        random.pick(&CHANNELS, |(_, working, weekend)| if is_weekend(day) { *weekend } else { *working });
    let product = random.pick(&PRODUCTS, |product| product.popularity * category_season(product, day));
    let is_november = day.month() == 11;
    let (discount, ..) =
        *random.pick(&DISCOUNTS, |(_, sale, usual)| if is_november { *sale } else { *usual });
    let (quantity, _) = *random.pick(&QUANTITIES, |(_, weight)| *weight);
    // Partners buy in bulk.
    let quantity = if *channel == "partner" { quantity * 4 } else { quantity };
    // Prices went up by 3 % a year.
    let unit_price = rounded(product.price_cents * (100 + 3 * (progress * 3 / 1_000)), 100);
    let revenue = rounded(quantity * unit_price * (100 - discount), 100);
    let cost = rounded(quantity * product.price_cents * product.cost_percent, 100);
    let returned = random.percent(returns_percent(channel, product));
    let customer = customer(channel, progress, random);

    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    writeln!(
        csv,
        "{id},{day}T{hour:02}:{minute:02}:{second:02}Z,{region},{country},{channel},{},{},{quantity},\
         {},{},{},{},{returned},{customer}",
        product.name,
        product.category,
        decimal(unit_price),
        decimal(discount),
        decimal(revenue),
        decimal(cost),
    )
    .expect("a string grows");
}

fn category_season(product: &Product, day: Date) -> u64 {
    let named = CATEGORY_SEASONS.iter().find(|(category, _)| *category == product.category);
    named.map_or(100, |(_, months)| months[month_index(day)])
}

fn returns_percent(channel: &str, product: &Product) -> u64 {
    let by_channel = if channel == "web" { 6 } else { 2 };
    let by_category = if product.category == "Apparel" { 7 } else { 0 };
    by_channel + by_category
}

/// Who ordered; nobody that is known for some who came to a store. There are more customers from year to year, and the first ones
/// buy more often.
fn customer(channel: &str, progress: u64, random: &mut Random) -> String {
    if channel == "store" && random.percent(35) {
        return String::new();
    }
    let customers = 400 + 1_100 * progress / 1_000;
    let number = 1 + random.below(customers).min(random.below(customers));
    format!("C{number:04}")
}

/// The quotient, rounded half up.
fn rounded(value: u64, by: u64) -> u64 {
    (value + by / 2) / by
}

/// Hundredths as a decimal number.
pub(super) fn decimal(hundredths: u64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Instant;

    use jiff::civil::date;

    use super::*;

    const END: Date = date(2026, 1, 1);

    fn rows(csv: &str) -> Vec<Vec<&str>> {
        csv.lines().skip(1).map(|line| line.split(',').collect()).collect()
    }

    fn hundredths(text: &str) -> u64 {
        text.replace('.', "").parse().expect("a number of two decimals")
    }

    #[test]
    fn a_day_makes_the_same_orders_each_time() {
        let csv = csv(END);
        let rows = rows(&csv);
        assert_eq!(rows.len(), 10_000);
        let (first, last) = (&rows[0], &rows[9_999]);
        assert_eq!((first[0], last[0]), ("100001", "110000"));
        assert!(first[1] >= "2023-01-01T00:00:00Z", "{}", first[1]);
        assert!(last[1] >= "2025-12-31T00:00:00Z" && last[1] < "2026-01-01T00:00:00Z", "{}", last[1]);
        assert!(rows.is_sorted_by_key(|row| row[1]));
        let revenue: u64 = rows.iter().map(|row| hundredths(row[10])).sum();
        assert_eq!(revenue, 352_006_829);
    }

    #[test]
    fn revenue_is_exact() {
        let csv = csv(END);
        for row in rows(&csv) {
            assert_eq!(row.len(), 14, "{row:?}");
            let (quantity, discount) = (row[7].parse::<u64>().expect("a number"), hundredths(row[9]));
            let exact = quantity * hundredths(row[8]) * (100 - discount);
            let revenue = hundredths(row[10]);
            assert!(100 * revenue <= exact + 50 && exact < 100 * revenue + 50, "{row:?}");
            assert!(hundredths(row[11]) < exact / 100, "sold below its cost: {row:?}");
        }
    }

    #[test]
    fn business_grows_and_has_seasons() {
        let csv = csv(END);
        let (mut months, mut years) = (BTreeMap::new(), BTreeMap::new());
        for row in rows(&csv) {
            *years.entry(row[1][..4].to_owned()).or_insert(0) += 1;
            *months.entry(row[1][..7].to_owned()).or_insert(0) += 1;
        }
        assert_eq!(months.len(), 36);
        assert!(years.values().is_sorted(), "{years:?}");
        assert!(months["2025-12"] > months["2025-07"], "{months:?}");
    }

    #[test]
    fn any_day_will_do_and_soon() {
        let begun = Instant::now();
        for day in [date(2024, 2, 29), date(2026, 12, 31), date(-9999, 1, 1)] {
            let _ = csv(day);
        }
        assert_eq!(rows(&csv(date(2024, 2, 29))).len(), 10_000);
        assert!(begun.elapsed().as_secs() < 4, "{:?}", begun.elapsed());
    }
}
