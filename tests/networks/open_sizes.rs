//! Networks generic over sizes: as if the sizes had been written.

use nn_core::prelude::*;
use nn_tests::layers::Slope;

network! {
    #[derive(Clone)]
    struct Mlp<const IN: usize, const H: usize = 4><
        Affine(IN, H) -> skip: Tanh -> ( Affine(H, H) -> Slope(H) ) * 2 -> Add(skip) -> Affine(H, 2) -> SoftmaxWithLoss
    >;
}
network! {
    struct Written<
        Affine(3, 5) -> skip: Tanh -> ( Affine(_, 5) -> Slope(5) ) * 2 -> Add(skip) -> Affine(5, 2) -> SoftmaxWithLoss
    >;
}

network! { struct Encoder<const OUT: usize, const H: usize>< Affine(3, H) -> Relu -> Affine(H, OUT) -> Tanh >; }
network! { struct Fixed< Encoder(2, 7) -> Affine(_, 3) -> MeanSquaredError >; }
network! { struct Auto<const H: usize>< Encoder(2, H) -> decoder: Encoder2(H) -> MeanSquaredError >; }
network! { struct Encoder2<const H: usize>< Affine(2, H) -> Relu -> Affine(H, 3) >; }

network! {
    struct Tied<const H: usize>< encoder: Affine(4, H) -> Sigmoid -> Affine(H, 4, W = encoder.W.T) -> MeanSquaredError >;
}
network! {
    struct Pair<const H: usize><
        [ Input(3) -> left: Affine(_, H) -> Relu | Input(3) -> Affine(_, H, W = left.W, b = left.b) -> Relu ] -> Mul
            -> [ class: Affine(_, 2) -> SoftmaxWithLoss | #[freeze] Affine(_, H) -> size: Affine(_, 1) -> MeanSquaredError(weight = 0.5) ]
    >;
}
network! { struct Images<const H: usize, const W: usize>< Input(H, W) -> [ Tanh | Sigmoid ] -> Mul -> Sum -> Affine(W, 2) -> SoftmaxWithLoss >; }

#[test]
fn the_same_numbers_as_with_sizes_written_out() {
    let x = [[0.5, -1.0, 2.0], [1.5, 0.25, -0.5]];
    let labels = [1_u8, 0];
    let (mut open, mut written) = (Mlp::<3, 5>::seeded(7), Written::seeded(7));
    for _ in 0..3 {
        let loss = open
            .step(&mut Momentum::new(0.1, 0.9), &x, &labels)
            .unwrap();
        let expected = written
            .step(&mut Momentum::new(0.1, 0.9), &x, &labels)
            .unwrap();
        assert_eq!(loss, expected);
    }
    let (found, expected) = (open.params.iter(), written.params.iter());
    assert_eq!(found.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    assert_eq!(open.predict(&x).unwrap(), written.predict(&x).unwrap());
    assert_eq!(Mlp::<3, 5>::MACS, Written::MACS);
    assert_eq!(
        Mlp::<3, 5>::WORKSPACE_BYTES_PER_SAMPLE,
        Written::WORKSPACE_BYTES_PER_SAMPLE
    );
    // 3·5 + 5, twice 5·5 + 5 + 5, and 5·2 + 2.
    assert_eq!(Mlp::<3, 5>::PARAMETERS, 20 + 2 * 35 + 12);
}

#[test]
fn every_size_is_a_type_of_its_own() {
    let by_default: Mlp<3> = Mlp::seeded(1);
    assert_eq!(by_default.params.affine1.b.len(), 4);
    assert_eq!(Mlp::<3, 9>::seeded(1).params.affine1.b.len(), 9);
    let double = Mlp::<3, 6, f64>::seeded(1);
    assert_eq!(double.predict_one(&[0.0; 3]).len(), 2);
    assert_eq!(Mlp::<8>::INPUT, [8]);
    let row = Mlp::<3, 9>::SUMMARY
        .lines()
        .find(|line| line.starts_with("slope1"));
    let cells: Vec<&str> = row.unwrap().split_whitespace().collect();
    assert_eq!(cells, ["slope1", "Slope(H)", "9", "9", "9", "0"]);
    let copy: MlpParams<3, 9> = Mlp::<3, 9>::seeded(1).params;
    assert_eq!(Mlp::from(copy.clone()).params, copy);
}

#[test]
fn as_layers_of_other_networks() {
    let fixed = Fixed::seeded(1);
    let keys: Vec<&str> = fixed.params.iter().map(|(key, _)| key).collect();
    assert_eq!(keys[0], "encoder1.affine1.W");
    assert_eq!(fixed.params.encoder1.affine1.b.len(), 7);
    // 3·7 + 7 + 7·2 + 2 in the one, 2·7 + 7 + 7·3 + 3 in the other.
    assert_eq!(Auto::<7>::PARAMETERS, 44 + 45);
    let mut auto = Auto::<7>::seeded(1);
    let (first, mut last) = (
        auto.loss(&[[0.1, 0.5, -0.2]], &[[0.1, 0.5, -0.2]]).unwrap(),
        0.0,
    );
    for _ in 0..50 {
        last = auto
            .step(
                &mut Adam::new(0.01),
                &[[0.1, 0.5, -0.2]],
                &[[0.1, 0.5, -0.2]],
            )
            .unwrap();
    }
    assert!(last < 0.5 * first, "{last} after {first}");
}

#[test]
fn with_shared_weights_several_inputs_and_images() {
    assert_eq!(Tied::<3>::PARAMETERS, 4 * 3 + 3 + 4);
    let tied = Tied::<3>::seeded(1);
    assert_eq!(tied.params.get("affine2.W").unwrap().shape(), [3, 4]);
    let pair = Pair::<6>::seeded(1);
    let ([_, _], [_]) = pair.predict_one(&([0.5; 3], [1.0; 3]));
    assert_eq!(pair.params.count(), 6);
    let images = Images::<2, 5>::seeded(1);
    assert_eq!(images.predict_one(&[[0.5; 5]; 2]).len(), 2);
    assert_eq!(Images::<2, 5>::INPUT, [2, 5]);
    assert!(Pair::<6>::graph().to_svg().contains('H'));
}
