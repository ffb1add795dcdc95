//! Logarithm and exponential from plain IEEE arithmetic, so that every machine computes the same bits.
//!
//! The C library's `ln` and `exp` differ in their last bits from platform to platform, and a bead decided by
//! the last bit would make the output differ too. These use only `+ - * /` and bit moves.

use std::f64::consts::{LN_2, LOG2_E};

/// Natural logarithm of a positive, normal `x`; absolute error below 1e-8.
///
/// `x = m · 2^k` with `m` in [√½, √2), then the series of `2·atanh((m − 1)/(m + 1))`.
#[inline]
pub(crate) fn ln(x: f64) -> f64 {
    const ONE: u64 = 0x3FF0_0000_0000_0000;
    const SQRT_HALF: u64 = 0x3FE6_A09E_667F_3BCD;
    let bits = x.to_bits();
    let shifted = bits.wrapping_sub(SQRT_HALF);
    let exponent = (shifted as i64) >> 52;
    let mantissa = f64::from_bits(bits.wrapping_sub((exponent as u64) << 52));
    debug_assert!(x > 0.0 && bits >= 1 << 52 && ONE > SQRT_HALF);
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    let s2 = s * s;
    let series = 1.0 + s2 * (1.0 / 3.0 + s2 * (1.0 / 5.0 + s2 * (1.0 / 7.0 + s2 * (1.0 / 9.0 + s2 / 11.0))));
    exponent as f64 * LN_2 + 2.0 * s * series
}

/// e to the power of `x`; relative error below 1e-7; 0 below −700, the value at 700 above it.
#[inline]
pub(crate) fn exp(x: f64) -> f64 {
    if x < -700.0 {
        return 0.0;
    }
    let x = x.min(700.0);
    let k = (x * LOG2_E + if x < 0.0 { -0.5 } else { 0.5 }) as i64;
    let r = x - k as f64 * LN_2;
    let series = 1.0
        + r * (1.0
            + r * (1.0 / 2.0
                + r * (1.0 / 6.0 + r * (1.0 / 24.0 + r * (1.0 / 120.0 + r * (1.0 / 720.0 + r / 5040.0))))));
    f64::from_bits(((1023 + k) as u64) << 52) * series
}

/// Logarithm for the inner loops: absolute error below 2e-4 for positive, normal `x`.
#[inline]
pub(crate) fn ln_coarse(x: f32) -> f32 {
    let bits = x.to_bits();
    let exponent = ((bits.wrapping_sub(0x3F35_04F3)) as i32) >> 23;
    let mantissa = f32::from_bits(bits.wrapping_sub((exponent as u32) << 23));
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    let s2 = s * s;
    exponent as f32 * std::f32::consts::LN_2 + 2.0 * s * (1.0 + s2 * (1.0 / 3.0 + s2 * (1.0 / 5.0)))
}

/// What paths that meet add up to.
pub(crate) trait Total: Copy + Send + Sync {
    /// No path.
    const EMPTY: Self;
    /// One path more.
    fn add(&mut self, x: f64);
    /// All of them.
    fn value(self) -> f64;
}

/// The best path stands for all.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Greatest(f64);

impl Total for Greatest {
    const EMPTY: Greatest = Greatest(f64::NEG_INFINITY);

    #[inline]
    fn add(&mut self, x: f64) {
        if x > self.0 {
            self.0 = x;
        }
    }

    fn value(self) -> f64 {
        self.0
    }
}

/// Logarithm of a sum of exponentials, built term by term. Terms 20 below the greatest are lost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LogSum {
    greatest: f64,
    sum: f64,
}

impl Total for LogSum {
    const EMPTY: LogSum = LogSum { greatest: f64::NEG_INFINITY, sum: 0.0 };

    fn add(&mut self, x: f64) {
        if x <= self.greatest {
            if x > self.greatest - 20.0 {
                self.sum += exp(x - self.greatest);
            }
        } else {
            self.sum = if self.greatest > x - 20.0 { self.sum * exp(self.greatest - x) + 1.0 } else { 1.0 };
            self.greatest = x;
        }
    }

    fn value(self) -> f64 {
        if self.sum > 0.0 { self.greatest + ln(self.sum) } else { f64::NEG_INFINITY }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ln_and_exp_agree_with_the_platform() {
        let mut x = 1e-12_f64;
        while x < 1e12 {
            assert!((ln(x) - x.ln()).abs() < 1e-8, "ln({x}) = {}", ln(x));
            assert!((f64::from(ln_coarse(x as f32)) - x.ln()).abs() < 2e-4, "{x}");
            x *= 1.037;
        }
        for k in -6900..6900 {
            let x = f64::from(k) / 10.0;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-7, "exp({x}) = {}", exp(x));
        }
    }

    #[test]
    fn log_sum_is_the_logarithm_of_the_sum() {
        let mut sum = LogSum::EMPTY;
        assert_eq!(sum.value(), f64::NEG_INFINITY);
        for x in [-3.0, 1.5, 0.2, -50.0, 1.5] {
            sum.add(x);
        }
        let exact: f64 = [-3.0_f64, 1.5, 0.2, -50.0, 1.5].iter().map(|x| x.exp()).sum();
        assert!((sum.value() - exact.ln()).abs() < 1e-7);
    }
}
