//! Columns and their values.

/// What a column holds, beyond the API's types: how exactly an engine says it depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::databases) enum Kind {
    Text,
    Integer,
    /// Exact, with so many digits after the point.
    Decimal(u8),
    /// 64 bits.
    Float,
    /// 32 bits.
    Single,
    Date,
    Datetime,
    Boolean,
}

impl Kind {
    /// Whether values of it may differ a little between engines.
    pub(in crate::databases) fn is_float(self) -> bool {
        matches!(self, Self::Float | Self::Single)
    }

    /// The API's name of the type.
    pub(in crate::databases) fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Decimal(_) | Self::Float | Self::Single => "number",
            Self::Date => "date",
            Self::Datetime => "datetime",
            Self::Boolean => "boolean",
        }
    }
}

/// A value as each engine has it; `None` is null.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::databases) struct Value {
    /// In the file, as the API says it.
    pub(super) file: Option<String>,
    pub(super) postgresql: Option<String>,
    pub(super) mariadb: Option<String>,
}

impl Value {
    /// Null.
    pub(super) fn null() -> Self {
        Self { file: None, postgresql: None, mariadb: None }
    }

    /// The same everywhere.
    pub(super) fn same(value: &str) -> Self {
        Self::of(value, value, value)
    }

    /// Written differently everywhere.
    pub(super) fn of(file: &str, postgresql: &str, mariadb: &str) -> Self {
        Self {
            file: Some(file.to_owned()),
            postgresql: Some(postgresql.to_owned()),
            mariadb: Some(mariadb.to_owned()),
        }
    }

    /// What PostgreSQL can hold, and the API says as null. The others have null.
    pub(super) fn only_postgresql(value: &str) -> Self {
        Self { postgresql: Some(value.to_owned()), ..Self::null() }
    }

    /// What MariaDB can hold, and the API says as null. The others have null.
    pub(super) fn only_mariadb(value: &str) -> Self {
        Self { mariadb: Some(value.to_owned()), ..Self::null() }
    }
}

/// A column.
#[derive(Clone, Debug)]
pub(in crate::databases) struct Column {
    pub(in crate::databases) name: &'static str,
    pub(in crate::databases) kind: Kind,
    /// Its type in PostgreSQL.
    pub(super) postgresql: &'static str,
    /// Its type in MariaDB.
    pub(super) mariadb: &'static str,
    /// The values that it has, each in some row.
    pub(super) values: Vec<Value>,
    /// Counts rows, so many at a time, in place of having values.
    pub(super) counted: Option<usize>,
}

/// A column whose values are the same everywhere, and that has nulls.
pub(in crate::databases) fn column(
    name: &'static str,
    kind: Kind,
    postgresql: &'static str,
    mariadb: &'static str,
    values: &[&str],
) -> Column {
    let values = values.iter().copied().map(Value::same).chain([Value::null()]).collect();
    Column { name, kind, postgresql, mariadb, values, counted: None }
}

impl Column {
    /// Adds values.
    pub(super) fn with(mut self, values: impl IntoIterator<Item = Value>) -> Self {
        self.values.extend(values);
        self
    }

    /// Has these values, and no null.
    pub(super) fn only(mut self, values: impl IntoIterator<Item = Value>) -> Self {
        self.values = values.into_iter().collect();
        self
    }

    /// The value in a row, if it is the column at this index.
    pub(super) fn value(&self, row: usize, index: usize) -> Value {
        if let Some(every) = self.counted {
            return Value::same(&(row / every + 1).to_string());
        }
        let count = self.values.len();
        // Knuth's multiplicative hash: Fibonacci's number of 32 bits.
        let scattered = ((row * 64 + index + 1) * 2_654_435_769 % (1 << 32)) >> 12;
        let at = if row < count { (row + index) % count } else { scattered % count };
        self.values[at].clone()
    }

    /// The values that it has in files, but for null.
    pub(in crate::databases) fn texts(&self) -> impl Iterator<Item = &str> + Clone {
        self.values.iter().filter_map(|value| value.file.as_deref())
    }
}
