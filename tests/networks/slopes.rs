//! `PRelu` in a declaration: names, first values, what is frozen.

use nn_core::prelude::*;

const START: f64 = 0.5;

network! {
    #[derive(Clone)]
    struct Slopes<
        Input(2, 3, 4) -> Conv2d(3, 2) -> PRelu(channels) -> PRelu -> last: PRelu(slopes = channels, alpha = START) -> Flatten
            -> #[freeze] PRelu(alpha = 1) -> Affine(_, 2) -> SoftmaxWithLoss
    >;
}

#[test]
fn slopes_have_names_and_start() {
    let mut net = Slopes::seeded(1);
    assert_eq!(*net.params.prelu1.alpha, [0.25; 3]);
    assert_eq!(*net.params.prelu2.alpha, [0.25]);
    assert_eq!(*net.params.last.alpha, [0.5; 3]);
    assert_eq!(*net.params.prelu4.alpha, [1.0]);
    // 3·2·2·2 + 3, 3 + 1 + 3 + 1, 18·2 + 2
    assert_eq!(Slopes::PARAMETERS, 27 + 8 + 38);
    assert!(
        Slopes::SUMMARY.contains("PRelu(channels)"),
        "{}",
        Slopes::SUMMARY
    );

    let before = net.clone();
    let x = [[[[0.5, -1.0, 2.0, 0.25]; 3], [[-0.5, 1.0, -2.0, 0.75]; 3]]; 4];
    let gradient = net.gradient(&x, &[0_u8, 1, 1, 0]).unwrap();
    assert_eq!(gradient.get("last.alpha").unwrap().shape(), [3]);
    for _ in 0..3 {
        net.step(&mut Sgd::new(0.5), &x, &[0_u8, 1, 1, 0]).unwrap();
    }
    assert_ne!(net.params.prelu1, before.params.prelu1);
    assert_eq!(net.params.prelu4, before.params.prelu4);
}
