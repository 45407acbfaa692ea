//! The table at the end: each budget, what was measured, and by how much it is kept or missed.

/// Budgets with what was measured.
#[derive(Default)]
pub(crate) struct Budgets(Vec<Row>);

struct Row {
    what: String,
    unit: &'static str,
    budget: f64,
    measured: f64,
}

impl Budgets {
    /// Adds a measurement that must not be above its budget.
    pub(crate) fn at_most(
        &mut self,
        what: impl Into<String>,
        unit: &'static str,
        budget: f64,
        measured: f64,
    ) {
        self.0.push(Row { what: what.into(), unit, budget, measured });
    }

    pub(crate) fn print(&self) {
        if self.0.is_empty() {
            return;
        }
        println!("\n## Budgets\n\n| what | budget | measured | |\n|---|---|---|---|");
        for Row { what, unit, budget, measured } in &self.0 {
            let share = measured / budget * 100.0;
            let verdict = if measured <= budget { "kept" } else { "**missed**" };
            println!("| {what} | {budget} {unit} | {measured:.2} {unit} | {verdict}: {share:.0} % of it |");
        }
    }
}
