//! Enumerations whose values have a name on the wire.

/// Declares an enumeration with `ALL`, `NAMES`, `name` and `named`.
macro_rules! named_values {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$vdoc])* $variant),* }

        impl $name {
            /// Every value, in the contract's order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Every name, in the same order.
            pub const NAMES: &'static [&'static str] = &[$($text),*];

            /// Its bit in a [`mask`](Self::mask).
            pub fn bit(self) -> u64 {
                1 << self as u32
            }

            /// The bits of several values together, so that one is found among them at once.
            pub fn mask(values: &[Self]) -> u64 {
                values.iter().fold(0, |mask, value| mask | value.bit())
            }

            /// Its name on the wire.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }

            /// The value of this name.
            pub fn named(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)* _ => None }
            }
        }
    };
}
pub(crate) use named_values;
