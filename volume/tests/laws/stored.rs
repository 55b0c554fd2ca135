//! What deserializes could have been built: every stored type passes its constructor, whatever the text says.

use isocenter_volume::{
    Affine, AxisKind, Column, Error, Frame, Geometry, Head, Provenance, Quantity, Rescale, Scaling, SlowAxis, Unit,
    axes::Values,
    provenance::{Operation, Parameter},
    stats::{Extremes, Histogram, Moments},
    strategy,
};
use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// One change of a stored text: which of its leaves, and what stands there instead.
#[derive(Clone, Debug)]
struct Damage {
    leaf: usize,
    instead: Value,
}

fn damage() -> impl Strategy<Value = Damage> {
    let instead = prop_oneof![
        Just(Value::from(0)),
        Just(Value::from(-1)),
        Just(Value::from(2.5)),
        Just(Value::from(1e300)),
        Just(Value::from(u64::MAX)),
        Just(Value::from("NaN")),
        Just(Value::from("inf")),
        Just(Value::from("x")),
        Just(Value::Null),
        Just(Value::from(Vec::<Value>::new())),
    ];
    (any::<usize>(), instead).prop_map(|(leaf, instead)| Damage { leaf, instead })
}

fn leaves(value: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|v| leaves(v, visit)),
        Value::Object(map) => map.values_mut().for_each(|v| leaves(v, visit)),
        leaf => visit(leaf),
    }
}

/// Puts something else in place of one leaf, reads the result, and builds what was read again by its constructors.
fn check<T>(built: &T, damage: &Damage, rebuild: impl Fn(&T) -> Result<T, Error>) -> Result<(), TestCaseError>
where
    T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let mut text = serde_json::to_value(built).unwrap();
    prop_assert_eq!(&serde_json::from_value::<T>(text.clone()).unwrap(), built, "it comes back as it was");
    let mut count = 0;
    leaves(&mut text, &mut |_| count += 1);
    let mut n = 0;
    leaves(&mut text, &mut |leaf| {
        if n == damage.leaf % count.max(1) {
            *leaf = damage.instead.clone();
        }
        n += 1;
    });
    if let Ok(read) = serde_json::from_value::<T>(text.clone()) {
        let again = rebuild(&read);
        prop_assert!(again.is_ok(), "{} gave what cannot be built: {:?}", text, again);
        // values that are not numbers are not equal to themselves: their texts are
        prop_assert_eq!(serde_json::to_value(again.unwrap()).unwrap(), serde_json::to_value(&read).unwrap());
    }
    Ok(())
}

fn axis() -> impl Strategy<Value = SlowAxis> {
    (1..5usize, any::<u32>()).prop_map(|(len, seed)| {
        let number = |n: usize| f64::from(seed) / 3.0 + n as f64;
        SlowAxis::new(AxisKind::Diffusion, len)
            .unwrap()
            .with_column(Column::numbers(Quantity::BValue, (0..len).map(number).collect()).unwrap())
            .unwrap()
            .with_column(Column::vectors(Quantity::GradientDirection, vec![[0.6, 0.0, 0.8]; len]).unwrap())
            .unwrap()
            .with_column(Column::names((0..len).map(|n| n.to_string()).collect()))
            .unwrap()
    })
}

fn rebuilt_axis(axis: &SlowAxis) -> Result<SlowAxis, Error> {
    let columns = axis.columns().iter().map(|c| Column::new(c.quantity().clone(), c.values().clone()));
    columns
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .try_fold(SlowAxis::new(axis.kind().clone(), axis.len())?, SlowAxis::with_column)
}

fn rebuilt_rescale(r: &Rescale) -> Result<Rescale, Error> {
    Rescale::new(r.slope(), r.intercept())
}

fn rebuilt_scaling(s: &Scaling) -> Result<Scaling, Error> {
    match s.as_per_plane() {
        Some(pairs) => {
            let pairs = pairs.iter().map(rebuilt_rescale).collect::<Result<Vec<_>, _>>()?;
            Ok(Scaling::per_plane(pairs, s.unit().clone()))
        }
        None => Ok(Scaling::uniform(rebuilt_rescale(&s.of_plane(0))?, s.unit().clone())),
    }
}

fn rebuilt_geometry(g: &Geometry) -> Result<Geometry, Error> {
    Geometry::new(g.shape(), *g.affine(), g.frame().clone())
}

fn head() -> impl Strategy<Value = Head> {
    (strategy::geometry(), axis(), 0.1..9.0f64).prop_map(|(geometry, axis, slope)| {
        let planes = geometry.shape()[2] * axis.len();
        let pairs = (0..planes).map(|p| Rescale::new(slope + p as f64, -1.0 / 3.0).unwrap()).collect();
        let mut done = Provenance::default();
        done.push("crop", [("start", [1usize, 2, 3])]);
        done.add(Operation::new("stack", [("affine", *geometry.affine())]).with_inputs([done.clone()]));
        Head::new(geometry)
            .with_slow_axes(vec![axis])
            .unwrap()
            .with_scaling(Scaling::per_plane(pairs, Unit::BqPerMl))
            .unwrap()
            .with_provenance(done)
    })
}

proptest! {
    #[test]
    fn geometries(g in strategy::geometry(), d in damage()) {
        check(&g, &d, rebuilt_geometry)?;
        check(g.affine(), &d, |a| Ok(Affine::from_rows(a.rows())))?;
        check(&Frame::Patient(Some("1.2.3".to_owned())), &d, |f| Ok(f.clone()))?;
    }

    #[test]
    fn scalings(slope in 0.001..100.0f64, planes in 1..6usize, d in damage()) {
        let pair = |n: usize| Rescale::new(slope + n as f64 / 3.0, -1024.0).unwrap();
        check(&pair(0), &d, rebuilt_rescale)?;
        check(&Scaling::per_plane((0..planes).map(pair).collect(), Unit::Hu), &d, rebuilt_scaling)?;
    }

    #[test]
    fn slow_axes(axis in axis(), d in damage()) {
        check(&axis, &d, rebuilt_axis)?;
        for column in axis.columns() {
            check(column, &d, |c| Column::new(c.quantity().clone(), c.values().clone()))?;
        }
    }

    #[test]
    fn heads(head in head(), d in damage()) {
        check(&head, &d, |h| {
            Ok(Head::new(rebuilt_geometry(h.geometry())?)
                .with_slow_axes(h.slow_axes().iter().map(rebuilt_axis).collect::<Result<_, _>>()?)?
                .with_scaling(rebuilt_scaling(h.scaling())?)?
                .with_meta(h.meta().clone())
                .with_provenance(h.provenance().clone()))
        })?;
    }

    #[test]
    fn summaries(samples in proptest::collection::vec(-1e3..1e3f32, 1..40), d in damage()) {
        let mut histogram = Histogram::new(-1e3, 1e3, 7).unwrap();
        histogram.add(&samples);
        check(&histogram, &d, |h| {
            let bins = h.counts().len();
            Histogram::new(h.bin_edge(0), h.bin_edge(bins), bins).map(|_| h.clone())
        })?;
        // of these nothing can be built but by counting: what is read must keep what counting gives
        check(&Moments::of(&samples), &d, |m| {
            let sound = m.count() == 0 || (m.mean().is_finite() && m.squares() >= 0.0);
            if sound { Ok(*m) } else { Err(Error::Empty { what: "moments that no samples have" }) }
        })?;
        check(&Extremes::of(&samples), &d, |e| match (e.min(), e.max()) {
            (Some(low), Some(high)) if low > high => Err(Error::Empty { what: "extremes the wrong way round" }),
            _ => Ok(*e),
        })?;
    }

    #[test]
    fn parameters(number in proptest::num::f64::ANY, d in damage()) {
        // of a value that is not a number the text comes back, not the equality
        let number = if number.is_nan() { 0.5 } else { number };
        for parameter in [Parameter::from(number), vec![number, 1.0].into(), "12".into(), Affine::IDENTITY.into()] {
            check(&parameter, &d, |p| Ok(p.clone()))?;
        }
        check(&Values::Numbers(vec![number]), &d, |v| Ok(v.clone()))?;
    }
}
