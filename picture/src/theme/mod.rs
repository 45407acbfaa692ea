//! The colors of drawings, light and dark.
//!
//! Series are told apart by colors that people with a color vision deficiency tell apart, too, and that stand out from the ground
//! at least 3:1; text does so at least 4.5:1 (WCAG 2.2, 1.4.3 and 1.4.11). The tests compute both.

mod color;

pub use color::Color;

/// On which ground it is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Theme {
    /// On white.
    #[default]
    Light,
    /// On near black.
    Dark,
}

/// The colors of a theme.
#[derive(Clone, Copy, Debug)]
pub struct Colors {
    /// What everything is drawn on.
    pub ground: Color,
    /// Titles and figures.
    pub text: Color,
    /// Labels of axes, legends and other small text.
    pub quiet_text: Color,
    /// Lines of the grid.
    pub grid: Color,
    /// The line at zero, and axes.
    pub axis: Color,
    /// Behind what is filled in part, and behind headings of tables.
    pub track: Color,
    /// "Other", and what is compared with.
    pub neutral: Color,
    /// A goal, and its label.
    pub goal: Color,
    /// What has become more, as text.
    pub up: Color,
    /// What has become less, as text.
    pub down: Color,
    /// Series, in their order.
    pub series: [Color; 7],
    /// From the least to the most.
    pub scale: [Color; 3],
}

const LIGHT: Colors = Colors {
    ground: Color::new(0xff, 0xff, 0xff),
    text: Color::new(0x1b, 0x1f, 0x26),
    quiet_text: Color::new(0x5c, 0x64, 0x70),
    grid: Color::new(0xe9, 0xec, 0xf0),
    axis: Color::new(0xb4, 0xbb, 0xc5),
    track: Color::new(0xf1, 0xf3, 0xf6),
    neutral: Color::new(0x8b, 0x93, 0x9f),
    goal: Color::new(0x4a, 0x51, 0x5c),
    up: Color::new(0x0a, 0x75, 0x53),
    down: Color::new(0xb3, 0x33, 0x1d),
    series: [
        Color::new(0x22, 0x64, 0xc7),
        Color::new(0xd9, 0x77, 0x2b),
        Color::new(0x00, 0xa1, 0x8b),
        Color::new(0x93, 0x17, 0x4a),
        Color::new(0x8a, 0x64, 0x10),
        Color::new(0x7c, 0x86, 0xd6),
        Color::new(0x59, 0x30, 0x6f),
    ],
    scale: [Color::new(0xe6, 0xef, 0xfb), Color::new(0x6d, 0xa0, 0xe2), Color::new(0x12, 0x3b, 0x82)],
};

const DARK: Colors = Colors {
    ground: Color::new(0x16, 0x18, 0x1d),
    text: Color::new(0xf1, 0xf3, 0xf6),
    quiet_text: Color::new(0x9f, 0xa8, 0xb5),
    grid: Color::new(0x2a, 0x2e, 0x36),
    axis: Color::new(0x55, 0x5c, 0x68),
    track: Color::new(0x23, 0x27, 0x2e),
    neutral: Color::new(0x86, 0x8e, 0x9b),
    goal: Color::new(0xc9, 0xd0, 0xda),
    up: Color::new(0x3f, 0xc4, 0x95),
    down: Color::new(0xff, 0x8a, 0x70),
    series: [
        Color::new(0x7e, 0xa2, 0xff),
        Color::new(0xea, 0x5b, 0x30),
        Color::new(0x0b, 0x9a, 0x8d),
        Color::new(0xf2, 0xa9, 0xa2),
        Color::new(0xf0, 0xdc, 0x55),
        Color::new(0xb4, 0xf0, 0xff),
        Color::new(0xa0, 0x66, 0xe0),
    ],
    scale: [Color::new(0x1f, 0x2b, 0x40), Color::new(0x3b, 0x6c, 0xc0), Color::new(0xc3, 0xda, 0xff)],
};

impl Theme {
    /// Its colors.
    pub fn colors(self) -> &'static Colors {
        match self {
            Self::Light => &LIGHT,
            Self::Dark => &DARK,
        }
    }
}

impl Colors {
    /// The color of a series, counted from 0. Where there are more than colors, they come again, shifted in lightness.
    pub fn of_series(&self, index: usize) -> Color {
        let color = self.series[index % self.series.len()];
        match index / self.series.len() {
            0 => color,
            // Toward the text: more contrast, never less.
            round => color.mixed(self.text, [0.28, 0.48][(round - 1) % 2]),
        }
    }

    /// The color of a share of the scale, 0 to 1.
    pub fn of_share(&self, share: f64) -> Color {
        let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
        let [least, middle, most] = self.scale;
        if share < 0.5 { least.mixed(middle, share * 2.0) } else { middle.mixed(most, share * 2.0 - 1.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const THEMES: [Theme; 2] = [Theme::Light, Theme::Dark];

    #[test]
    fn text_can_be_read() {
        for colors in THEMES.map(Theme::colors) {
            for text in [colors.text, colors.quiet_text, colors.goal, colors.up, colors.down] {
                for ground in [colors.ground, colors.track] {
                    assert!(text.contrast(ground) >= 4.5, "{text} on {ground}: {}", text.contrast(ground));
                }
            }
        }
    }

    #[test]
    fn marks_stand_out_from_the_ground() {
        for colors in THEMES.map(Theme::colors) {
            let series = (0..21).map(|index| colors.of_series(index));
            for mark in series.chain([colors.neutral]) {
                assert!(mark.contrast(colors.ground) >= 3.0, "{mark}: {}", mark.contrast(colors.ground));
            }
        }
    }

    #[test]
    fn text_on_every_color_of_the_scale_can_be_read() {
        for colors in THEMES.map(Theme::colors) {
            for step in 0..=100 {
                let ground = colors.of_share(f64::from(step) / 100.0);
                let text = ground.text_on();
                assert!(text.contrast(ground) >= 4.5, "{text} on {ground}");
            }
        }
    }

    /// What somebody sees who lacks the red, the green or the blue cones: Machado, Oliveira and Fernandes 2009,
    /// "A Physiologically-based Model for Simulation of Color Vision Deficiency", severity 1.
    const SIMULATIONS: [[[f64; 3]; 3]; 3] = [
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
        [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
    ];

    /// A color in Oklab, where distances are about as they are seen.
    fn oklab(color: Color, simulation: &[[f64; 3]; 3]) -> [f64; 3] {
        let linear = color.linear();
        let dot = |row: &[f64; 3], of: &[f64; 3]| row.iter().zip(of).map(|(a, b)| a * b).sum::<f64>();
        let seen = simulation.each_ref().map(|row| dot(row, &linear).clamp(0.0, 1.0));
        let cones = [
            [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
            [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
            [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
        ]
        .map(|row| dot(&row, &seen).cbrt());
        [
            [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
            [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
            [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
        ]
        .map(|row| dot(&row, &cones))
    }

    #[test]
    fn series_are_told_apart_also_without_some_cones() {
        for colors in THEMES.map(Theme::colors) {
            for simulation in &SIMULATIONS {
                for (index, color) in colors.series.iter().enumerate() {
                    for other in &colors.series[..index] {
                        let (a, b) = (oklab(*color, simulation), oklab(*other, simulation));
                        let distance = a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
                        assert!(distance >= 0.06, "{color} and {other}: {distance}");
                    }
                }
            }
        }
    }
}
