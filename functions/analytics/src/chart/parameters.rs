//! What a picture of a widget is to be like.

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT;
use axum::http::request::Parts;
use deserr::Deserr;
use picture::Size;
use shared::Error;
use shared::base::{Fields, Invalid};
use shared::http::Input;
use utoipa::IntoParams;

/// How many pixels a picture may have: what is computed of a larger one would take seconds.
const MAX_PIXELS: u64 = 16_000_000;

const SIDES: std::ops::RangeInclusive<u32> = 100..=4_000;
const SCALES: std::ops::RangeInclusive<u32> = 1..=4;

shared::string_enum! {
    /// The colors of a picture.
    #[derive(Default)]
    pub(crate) enum ChartTheme {
        /// Dark on light.
        #[default]
        Light = "light",
        /// Light on dark.
        Dark = "dark",
    }
}

/// What a picture is to be like.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Fields, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ChartParameters {
    /// How wide it is, in CSS pixels.
    #[deserr(default)]
    #[param(value_type = u32, required = false, minimum = 100, maximum = 4000, default = 640)]
    width: Option<Number>,
    /// How high it is, in CSS pixels.
    #[deserr(default)]
    #[param(value_type = u32, required = false, minimum = 100, maximum = 4000, default = 400)]
    height: Option<Number>,
    /// How many pixels of a PNG there are to a CSS pixel, each way. A PNG has at most 16 million.
    #[deserr(default)]
    #[param(value_type = u32, required = false, minimum = 1, maximum = 4, default = 1)]
    scale: Option<Number>,
    /// Its colors: `light` unless given.
    #[deserr(default)]
    #[param(inline, value_type = ChartTheme, required = false)]
    theme: Option<ChartTheme>,
}

#[derive(Clone, Copy, Debug, Deserr)]
#[deserr(try_from(&String) = Number::parse -> Invalid)]
struct Number(u32);

impl Number {
    fn parse(text: &str) -> Result<Self, Invalid> {
        let number = text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
        number.map(Self).ok_or_else(|| "Must be a whole number.".into())
    }
}

impl ChartParameters {
    /// The size, or what is wrong with what was asked for.
    pub(crate) fn size(&self, format: PictureFormat) -> Result<Size, Error> {
        let mut fields = Fields::default();
        let mut within = |name: &str, number: Option<Number>, range: std::ops::RangeInclusive<u32>| {
            if number.is_some_and(|Number(number)| !range.contains(&number)) {
                fields.add(name, format!("Must be {} to {}.", range.start(), range.end()));
            }
        };
        within("width", self.width, SIDES);
        within("height", self.height, SIDES);
        within("scale", self.scale, SCALES);
        fields.into_result()?;
        let usual = Size::default();
        let width = self.width.map_or(usual.width, |Number(width)| width);
        let height = self.height.map_or(usual.height, |Number(height)| height);
        let pixels = u64::from(width) * u64::from(height) * u64::from(self.scale()).pow(2);
        if format == PictureFormat::Png && pixels > MAX_PIXELS {
            let mut fields = Fields::default();
            fields.add(
                "width",
                format!("The picture would have {pixels} pixels; a PNG has at most {MAX_PIXELS}."),
            );
            return Err(Error::validation(fields));
        }
        Ok(Size { width, height })
    }

    pub(crate) fn scale(&self) -> u8 {
        let scale = self.scale.map_or(1, |Number(scale)| scale);
        u8::try_from(scale).unwrap_or(u8::MAX)
    }

    pub(crate) fn theme(&self) -> picture::Theme {
        match self.theme.unwrap_or_default() {
            ChartTheme::Light => picture::Theme::Light,
            ChartTheme::Dark => picture::Theme::Dark,
        }
    }
}

/// The format of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PictureFormat {
    Svg,
    Png,
}

impl PictureFormat {
    /// Its media type.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Svg => "image/svg+xml",
            Self::Png => "image/png",
        }
    }

    /// PNG where a header of `Accept` names it first, and SVG otherwise.
    fn of(accept: &str) -> Self {
        let first = accept.split([',', ';']).next().unwrap_or_default().trim();
        if first.eq_ignore_ascii_case(Self::Png.media_type()) { Self::Png } else { Self::Svg }
    }
}

impl Input for PictureFormat {}

impl<S: Send + Sync> FromRequestParts<S> for PictureFormat {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let accept = parts.headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
        Ok(accept.map_or(Self::Svg, Self::of))
    }
}
