//! The forms that serde knows, each in JSON.

use serde::ser::{self, Error, Serialize};

use super::{Sheet, Unwritable};

/// Writes one value.
#[derive(Debug)]
pub(super) struct Writer<'s> {
    sheet: &'s mut Sheet,
}

/// Writes one value after another: items, fields or entries.
#[derive(Debug)]
pub(super) struct Row<'s> {
    sheet: &'s mut Sheet,
    is_first: bool,
    end: &'static [u8],
}

type Written = Result<(), Unwritable>;

impl<'s> Writer<'s> {
    #[inline(always)]
    pub fn on(sheet: &'s mut Sheet) -> Self {
        Self { sheet }
    }

    #[inline(always)]
    fn row(self, begin: &[u8], end: &'static [u8]) -> Result<Row<'s>, Unwritable> {
        self.sheet.put_all(begin);
        Ok(Row { sheet: self.sheet, is_first: true, end })
    }

    /// `{"name":`, as alternatives begin that hold something.
    fn named(self, name: &'static str) -> Self {
        self.sheet.put(b'{');
        self.sheet.put_name(name, true);
        self
    }

    /// Numbers that are rare among ours.
    fn rare(self, value: &impl Serialize) -> Written {
        let text = serde_json::to_vec(value).map_err(Unwritable::custom)?;
        self.sheet.put_all(&text);
        Ok(())
    }
}

macro_rules! write_integers {
    ($($method:ident $number:ty),*) => {
        $(#[inline]
        fn $method(self, value: $number) -> Written {
            self.sheet.put_all(itoa::Buffer::new().format(value).as_bytes());
            Ok(())
        })*
    };
}

macro_rules! write_rarely {
    ($($method:ident $number:ty),*) => {
        $(fn $method(self, value: $number) -> Written {
            self.rare(&value)
        })*
    };
}

impl<'s> ser::Serializer for Writer<'s> {
    type Ok = ();
    type Error = Unwritable;
    type SerializeSeq = Row<'s>;
    type SerializeTuple = Row<'s>;
    type SerializeTupleStruct = Row<'s>;
    type SerializeTupleVariant = Row<'s>;
    type SerializeMap = Row<'s>;
    type SerializeStruct = Row<'s>;
    type SerializeStructVariant = Row<'s>;

    write_integers!(serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64);
    write_integers!(serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64);
    write_rarely!(serialize_f32 f32, serialize_f64 f64, serialize_i128 i128, serialize_u128 u128);

    #[inline]
    fn serialize_bool(self, value: bool) -> Written {
        self.sheet.put_all(if value { b"true" } else { b"false" });
        Ok(())
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Written {
        self.sheet.put_text(value);
        Ok(())
    }

    fn serialize_char(self, value: char) -> Written {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_bytes(self, value: &[u8]) -> Written {
        value.serialize(self)
    }

    #[inline]
    fn serialize_unit(self) -> Written {
        self.sheet.put_all(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Written {
        self.serialize_unit()
    }

    #[inline]
    fn serialize_none(self) -> Written {
        self.serialize_unit()
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written {
        value.serialize(self)
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _name: &'static str, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit_variant(self, _name: &'static str, _at: u32, variant: &'static str) -> Written {
        self.serialize_str(variant)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _at: u32,
        variant: &'static str,
        value: &T,
    ) -> Written {
        let inner = self.named(variant);
        value.serialize(Writer::on(inner.sheet))?;
        inner.sheet.put(b'}');
        Ok(())
    }

    #[inline]
    fn serialize_seq(self, _length: Option<usize>) -> Result<Row<'s>, Unwritable> {
        self.row(b"[", b"]")
    }

    fn serialize_tuple(self, _length: usize) -> Result<Row<'s>, Unwritable> {
        self.row(b"[", b"]")
    }

    fn serialize_tuple_struct(self, _name: &'static str, _length: usize) -> Result<Row<'s>, Unwritable> {
        self.row(b"[", b"]")
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _at: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Row<'s>, Unwritable> {
        self.named(variant).row(b"[", b"]}")
    }

    #[inline]
    fn serialize_map(self, _length: Option<usize>) -> Result<Row<'s>, Unwritable> {
        self.row(b"{", b"}")
    }

    #[inline]
    fn serialize_struct(self, _name: &'static str, _length: usize) -> Result<Row<'s>, Unwritable> {
        self.row(b"{", b"}")
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _at: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Row<'s>, Unwritable> {
        self.named(variant).row(b"{", b"}}")
    }
}

impl Row<'_> {
    #[inline]
    fn comma(&mut self) {
        if !self.is_first {
            self.sheet.put(b',');
        }
        self.is_first = false;
    }

    #[inline]
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        self.comma();
        value.serialize(Writer::on(self.sheet))
    }

    // Where the name is known when this is compiled, putting it down is a few moves.
    #[inline(always)]
    fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Written {
        self.sheet.put_name(name, self.is_first);
        self.is_first = false;
        value.serialize(Writer::on(self.sheet))
    }

    /// A key: texts as they are, numbers and truth between quotes.
    #[inline]
    fn key<T: Serialize + ?Sized>(&mut self, key: &T) -> Written {
        self.comma();
        let begin = self.sheet.len();
        key.serialize(Writer::on(self.sheet))?;
        match self.sheet.since(begin).first() {
            Some(b'"') => {}
            Some(b'-' | b'0'..=b'9' | b't' | b'f') => self.sheet.quote_since(begin),
            _ => return Err(Unwritable::custom("a key must be a text")),
        }
        Ok(())
    }

    #[inline]
    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        self.sheet.put(b':');
        value.serialize(Writer::on(self.sheet))
    }

    #[inline]
    fn close(self) -> Written {
        self.sheet.put_all(self.end);
        Ok(())
    }
}

/// A kind of row, by its trait: which method takes an item or a field.
macro_rules! write_rows {
    ($($kind:ident: $($method:ident => $own:ident ($($name:ident: $of:ty)?)),+;)*) => {
        $(impl ser::$kind for Row<'_> {
            type Ok = ();
            type Error = Unwritable;

            $(#[inline(always)]
            fn $method<T: Serialize + ?Sized>(&mut self, $($name: $of,)? value: &T) -> Written {
                self.$own($($name,)? value)
            })+

            #[inline]
            fn end(self) -> Written {
                self.close()
            }
        })*
    };
}

write_rows! {
    SerializeSeq: serialize_element => item();
    SerializeTuple: serialize_element => item();
    SerializeTupleStruct: serialize_field => item();
    SerializeTupleVariant: serialize_field => item();
    SerializeStruct: serialize_field => field(name: &'static str);
    SerializeStructVariant: serialize_field => field(name: &'static str);
    SerializeMap: serialize_key => key(), serialize_value => value();
}
