//! The demo's campaigns, day by day, as a CSV file.
//!
//! A campaign has a row a day for each step of its funnel: what is in the step's own column is also in `people`, so that a funnel
//! has the steps as its dimension, and a table has them as its columns.

use std::fmt::Write as _;

use jiff::civil::{Date, Weekday};

use super::history::{History, month_index, season, weekday};
use super::random::Random;
use super::sales::decimal;

const SEED: u64 = 0x3a_2ce7;

const HEADER: &str = "day,campaign,channel,step,people,impressions,visits,carts,orders,spend\n";

/// When a campaign runs.
enum Runs {
    Always,
    /// On Tuesdays and Thursdays.
    TwiceAWeek,
    /// In these months, counted from 1.
    In(&'static [i8]),
}

struct Campaign {
    name: &'static str,
    channel: &'static str,
    runs: Runs,
    /// A day, at the start.
    impressions: u64,
    /// Of 10,000 impressions.
    visits: u64,
    /// Of 1,000 visits.
    carts: u64,
    /// Of 1,000 carts.
    orders: u64,
    cents_per_visit: u64,
}

const fn campaign(
    name: &'static str,
    channel: &'static str,
    runs: Runs,
    [impressions, visits, carts, orders, cents_per_visit]: [u64; 5],
) -> Campaign {
    Campaign { name, channel, runs, impressions, visits, carts, orders, cents_per_visit }
}

const CAMPAIGNS: [Campaign; 10] = [
    campaign("Brand Search", "search", Runs::Always, [320, 1_150, 130, 270, 60]),
    campaign("Generic Search", "search", Runs::Always, [1_200, 400, 65, 220, 150]),
    campaign("Retargeting", "display", Runs::Always, [2_000, 100, 120, 250, 90]),
    campaign("Social Video", "social", Runs::Always, [4_000, 80, 40, 190, 70]),
    campaign("Newsletter", "email", Runs::TwiceAWeek, [2_600, 480, 60, 240, 5]),
    campaign("Spring Launch", "social", Runs::In(&[3, 4]), [3_000, 110, 60, 210, 80]),
    campaign("Summer Outdoor", "display", Runs::In(&[6, 7]), [2_400, 120, 70, 220, 85]),
    campaign("Back to School", "search", Runs::In(&[8, 9]), [900, 420, 75, 230, 120]),
    campaign("Black Friday", "social", Runs::In(&[11]), [6_000, 160, 90, 260, 95]),
    campaign("Holiday Gifts", "display", Runs::In(&[12]), [4_500, 130, 80, 240, 90]),
];

/// Ten campaigns in the three years before the day. The same day makes the same rows.
pub fn csv(end: Date) -> String {
    let history = History::until(end);
    let mut random = Random::new(SEED);
    let mut csv = HEADER.to_owned();
    for day in history.days() {
        let busyness = (700 + 560 * history.progress(day) / 1_000) * season(day) * weekday(day);
        for campaign in CAMPAIGNS.iter().filter(|campaign| campaign.runs.on(day)) {
            write_day(&mut csv, campaign, day, busyness, &mut random);
        }
    }
    csv
}

impl Runs {
    fn on(&self, day: Date) -> bool {
        match self {
            Self::Always => true,
            Self::TwiceAWeek => matches!(day.weekday(), Weekday::Tuesday | Weekday::Thursday),
            Self::In(months) => months.contains(&day.month()),
        }
    }
}

/// Writes a campaign's steps on a day. Usual business is 10 million.
fn write_day(csv: &mut String, campaign: &Campaign, day: Date, busyness: u64, random: &mut Random) {
    let usual = campaign.impressions * random.between(80, 120) / 100;
    let impressions = usual * busyness / 10_000_000;
    let visits = random.share(impressions, campaign.visits, 10_000);
    let carts = random.share(visits, campaign.carts, 1_000);
    // More of those who look for presents buy.
    let eager = if month_index(day) >= 10 { 115 } else { 100 };
    let orders = random.share(carts, campaign.orders * eager / 100, 1_000);
    let spend = decimal(visits * campaign.cents_per_visit * random.between(90, 110) / 100);
    let Campaign { name, channel, .. } = campaign;
    write!(
        csv,
        "{day},{name},{channel},Impressions,{impressions},{impressions},,,,{spend}\n\
         {day},{name},{channel},Visits,{visits},,{visits},,,\n\
         {day},{name},{channel},Carts,{carts},,,{carts},,\n\
         {day},{name},{channel},Orders,{orders},,,,{orders},\n",
    )
    .expect("a string grows");
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::civil::date;

    use super::*;

    const END: Date = date(2026, 1, 1);

    /// The sum of a column in the rows of each value of another one.
    fn sums(csv: &str, by: usize, column: usize) -> BTreeMap<&str, u64> {
        let mut sums = BTreeMap::new();
        for row in csv.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>()) {
            assert_eq!(row.len(), 10, "{row:?}");
            let value = row[column].replace('.', "");
            *sums.entry(row[by]).or_default() +=
                if value.is_empty() { 0 } else { value.parse::<u64>().expect("a number") };
        }
        sums
    }

    #[test]
    fn a_day_makes_the_same_rows_each_time() {
        let csv = csv(END);
        let steps = sums(&csv, 3, 4);
        assert_eq!(
            steps,
            BTreeMap::from([
                ("Impressions", 11_531_931),
                ("Visits", 227_084),
                ("Carts", 17_967),
                ("Orders", 4_552)
            ])
        );
        assert_eq!(sums(&csv, 3, 9)["Impressions"], 18_477_393);
        assert!(
            csv.lines().nth(1).expect("a row").starts_with("2023-01-01,Brand Search,search,Impressions,")
        );
        assert!(csv.lines().last().expect("a row").starts_with("2025-12-31,"));
    }

    #[test]
    fn each_campaign_is_a_funnel() {
        let csv = csv(END);
        let [impressions, visits, carts, orders] = [5, 6, 7, 8].map(|column| sums(&csv, 1, column));
        assert_eq!(impressions.len(), CAMPAIGNS.len());
        for campaign in impressions.keys() {
            assert!(impressions[campaign] > 2 * visits[campaign], "{campaign}");
            assert!(visits[campaign] > 2 * carts[campaign], "{campaign}");
            assert!(carts[campaign] > 2 * orders[campaign], "{campaign}");
            assert!(orders[campaign] > 20, "{campaign}: {}", orders[campaign]);
        }
    }

    #[test]
    fn campaigns_bring_some_of_the_orders_on_the_web() {
        let (marketing, sales) = (csv(END), super::super::sales::csv(END));
        let brought: u64 = sums(&marketing, 1, 8).values().sum();
        let web = u64::try_from(sales.matches(",web,").count()).expect("a number");
        assert!(brought < web && brought > web / 2, "{brought} of {web}");
    }
}
