use nn_core::prelude::*;

#[derive(Clone, Debug, Default, PartialEq, Parameters)]
pub struct Cut;

impl nn_core::Layer<[f32; 50]> for Cut {
    type Output = [f32; 50];

    fn forward(&self, x: &[[f32; 50]], y: &mut [[f32; 50]]) {
        y.copy_from_slice(x);
    }

    fn backward(
        &self,
        _: &[[f32; 50]],
        _: &[[f32; 50]],
        dy: &[[f32; 50]],
        dx: Option<&mut [[f32; 50]]>,
        _: &mut Self,
    ) {
        if let Some(dx) = dx {
            dx.copy_from_slice(dy);
        }
    }
}

network! {
    pub struct Net<
        Affine(784, 50) -> Cut -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let mut net = Net::seeded(1);
    let _ = net.gradient(&[[0.0; 784]], &[1_u8]);
}
