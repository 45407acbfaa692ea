//! One field of a cron expression: which numbers it selects.

use std::fmt;

use crate::base::error::Invalid;

/// The numbers that a field selects: bit `n` stands for `n`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Values(u64);

/// How many numbers [`Values`] can tell apart.
const BITS: u8 = 64;

/// What the numbers of a field may be, and how they are written.
#[derive(Debug)]
pub(super) struct Field {
    /// What it is called in an error.
    pub(super) name: &'static str,
    pub(super) first: u8,
    pub(super) last: u8,
    /// Names of the numbers, from the first on.
    pub(super) names: &'static [&'static str],
    /// Who writes it.
    pub(super) dialect: Dialect,
}

/// Who writes the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// A person: a step goes with `*` or a range.
    Cron,
    /// EventBridge: `2/3` is every third number from 2 on.
    Aws,
}

pub(super) const MONTHS: &[&str] =
    &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
pub(super) const WEEKDAYS: &[&str] = &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// The number that means Sunday as well as 0 does.
const OTHER_SUNDAY: u8 = 7;

impl Values {
    pub(super) fn contains(self, number: u8) -> bool {
        number < BITS && self.0 >> number & 1 == 1
    }

    /// The numbers, ascending.
    pub(super) fn iter(self) -> impl Iterator<Item = u8> + Clone {
        (0..BITS).filter(move |number| self.contains(*number))
    }

    /// The number, if it is the only one.
    pub(super) fn single(self) -> Option<u8> {
        let mut numbers = self.iter();
        numbers.next().filter(|_| numbers.next().is_none())
    }

    /// Each number less one.
    pub(super) fn shifted_down(self) -> Self {
        Self(self.0 >> 1)
    }

    fn insert(&mut self, number: u8) {
        self.0 |= 1 << number;
    }
}

impl Field {
    /// Every number that the field can have.
    pub(super) fn all(&self) -> Values {
        let mut all = Values(0);
        (self.first..=self.last).for_each(|number| all.insert(number));
        all
    }

    /// Reads lists of numbers, names, ranges and steps.
    pub(super) fn parse(&self, text: &str) -> Result<Values, Invalid> {
        let mut values = Values(0);
        for item in text.split(',') {
            self.add(item, &mut values).ok_or_else(|| self.misunderstood(item))?;
        }
        Ok(values)
    }

    fn add(&self, item: &str, values: &mut Values) -> Option<()> {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, Some(number(step).filter(|step| (1..=self.last).contains(step))?)),
            None => (item, None),
        };
        let (start, end) = match range.split_once('-') {
            _ if range == "*" => (self.first, self.last),
            Some((start, end)) => self.range(start, end)?,
            None => {
                let start = self.number(range)?;
                match (step, self.dialect) {
                    (None, _) => (start, start),
                    (Some(_), Dialect::Aws) => (start, self.last),
                    // Some take it for the number alone, others for all from there on.
                    (Some(_), Dialect::Cron) => return None,
                }
            }
        };
        for number in (start..=end).step_by(usize::from(step.unwrap_or(1))) {
            values.insert(if self.has_two_sundays() { number % OTHER_SUNDAY } else { number });
        }
        Some(())
    }

    fn range(&self, start: &str, end: &str) -> Option<(u8, u8)> {
        let (start, mut end) = (self.number(start)?, self.number(end)?);
        if self.has_two_sundays() && end == 0 && start > 0 {
            end = OTHER_SUNDAY;
        }
        (start <= end).then_some((start, end))
    }

    fn number(&self, text: &str) -> Option<u8> {
        if let Some(named) = self.names.iter().position(|name| name.eq_ignore_ascii_case(text)) {
            return Some(self.first + u8::try_from(named).ok()?);
        }
        let last = if self.has_two_sundays() { OTHER_SUNDAY } else { self.last };
        number(text).filter(|number| (self.first..=last).contains(number))
    }

    fn has_two_sundays(&self) -> bool {
        self.first == 0 && self.last == 6
    }

    fn misunderstood(&self, item: &str) -> Invalid {
        let Self { name, first, last, .. } = self;
        let names = match (self.names.first(), self.names.last()) {
            (Some(first), Some(last)) => format!(" or {first} to {last}"),
            _ => String::new(),
        };
        Invalid(
            format!(
                "The {name} cannot be \"{item}\": it must be *, {first} to {last}{names}, a range as in {first}-{last}, a list as in \
                 {first},{last}, or a step as in */2."
            )
            .into(),
        )
    }

    /// The numbers in the shortest form that every cron understands.
    pub(super) fn write(&self, values: Values, f: &mut impl fmt::Write) -> fmt::Result {
        if values == self.all() {
            return f.write_char('*');
        }
        match self.step(values) {
            Some(step) => write!(f, "*/{step}"),
            None => write_list(values, f, |number, f| write!(f, "{number}")),
        }
    }

    /// The step by which the numbers are all that follow from the first on, where there are three at least.
    fn step(&self, values: Values) -> Option<u8> {
        let mut numbers = values.iter();
        let (first, second, _) = (numbers.next()?, numbers.next()?, numbers.next()?);
        let step = second - first;
        let stepped = (self.first..=self.last).step_by(usize::from(step));
        values.iter().eq(stepped).then_some(step)
    }

    /// The numbers as EventBridge takes them: named where they have names, with no steps.
    pub(super) fn write_aws(&self, values: Values, f: &mut impl fmt::Write) -> fmt::Result {
        if values == self.all() {
            return f.write_char('*');
        }
        write_list(values, f, |number, f| match self.names.get(usize::from(number - self.first)) {
            Some(name) => f.write_str(name),
            None => write!(f, "{number}"),
        })
    }
}

/// Numbers with commas between them; three or more that follow each other are a range.
fn write_list<W: fmt::Write>(
    values: Values,
    f: &mut W,
    write: impl Fn(u8, &mut W) -> fmt::Result,
) -> fmt::Result {
    let mut numbers = values.iter().peekable();
    let mut is_first = true;
    while let Some(start) = numbers.next() {
        if !std::mem::take(&mut is_first) {
            f.write_char(',')?;
        }
        let follow = (start + 1..BITS).take_while(|number| values.contains(*number)).count();
        write(start, f)?;
        if follow >= 2 {
            f.write_char('-')?;
            let end = numbers.nth(follow - 1).unwrap_or(start);
            write(end, f)?;
        }
    }
    Ok(())
}

/// A number of one or two digits.
fn number(text: &str) -> Option<u8> {
    let is_plain = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_plain)
}
