use nn_macros::Parameters;

use crate::element::Element;
use crate::init::Init;
use crate::kernels::Convolution;
use crate::layers::images::{Image, convolution};
use crate::params::Param;
use crate::rng::Rng;

/// Convolution of images: each of O maps has weights that are laid on every window of KH × KW numbers of C channels.
///
/// In a declaration: `Conv2d(16, 5)` for 16 maps and windows of 5 × 5, `Conv2d(16, (5, 3), stride = 2, padding = same)`. Its options are
/// `stride`, `padding`, `dilation`, `groups`, `bias`, `floor` and `init`; see [`network!`](crate::network).
///
/// # Forward
/// ```text
/// y[n, o, i, j] = b[o] + Σ_c Σ_k Σ_l W[o, c, k, l] · x[n, g + c, i·SH + k·DH − PT, j·SW + l·DW − PL]
///
/// x [N, CX, IH, IW]   W [O, C, KH, KW]   b [O]   y [N, O, OH, OW]
/// ```
/// Outside of the image x is zero. There are CX / C groups: maps and channels are cut into as many parts, and g is where the channels
/// begin that belong to map o. With one group g = 0.
///
/// PT and PL are the rows of zeros above the image and the columns left of it. How many lie below it and to the right follows from OH
/// and OW, which are known from the type of y: the compiler refuses windows that see nothing but padding.
/// # Backward
/// ```text
/// dW[o, c, k, l] = Σ_n Σ_i Σ_j dy[n, o, i, j] · x[n, g + c, i·SH + k·DH − PT, j·SW + l·DW − PL]
/// db[o] = Σ_n Σ_i Σ_j dy[n, o, i, j]
/// dx[n, c, r, s] = Σ dy[n, o, i, j] · W[o, c − g, k, l]   over all o, i, j, k, l with r = i·SH + k·DH − PT and s = j·SW + l·DW − PL
/// ```
/// # Parameters
/// `W`: He normal before `Relu`, Xavier normal elsewhere, unless `init` says otherwise, with C·KH·KW inputs and O·KH·KW outputs; `b`:
/// zeros. A layer without biases has B = 0.
///
/// It is no [`Layer`](crate::Layer), because stable Rust cannot compute the size of what it gives in a type; it has the same two passes
/// as methods, which work on images of any size.
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Param;
///
/// let conv: Conv2d<1, 1, 2, 2, f64> = Conv2d { W: Param::from([[[[1.0, 2.0], [3.0, 4.0]]]]), b: Param::from([0.5]) };
/// let (x, mut y) = ([[[[1.0, 0.0, 2.0], [0.0, 1.0, 0.0]]]], [[[[0.0; 2]; 1]; 1]]);
/// conv.forward(&x, &mut y);
/// assert_eq!(y, [[[[5.5, 7.5]]]]); // 1·1 + 2·0 + 3·0 + 4·1 + 0.5, 1·0 + 2·2 + 3·1 + 4·0 + 0.5
///
/// let (dy, mut dx, mut gradient) = ([[[[1.0, 10.0]]]], x, Conv2d::zeros());
/// conv.backward(&x, &dy, Some(&mut dx), &mut gradient);
/// assert_eq!(dx, [[[[1.0, 12.0, 20.0], [3.0, 34.0, 40.0]]]]); // 1·1, 1·2 + 10·1, 10·2; 1·3, 1·4 + 10·3, 10·4
/// assert_eq!(*gradient.W, [[[[1.0, 20.0], [10.0, 1.0]]]]); // 1·1 + 10·0, 1·0 + 10·2, 1·0 + 10·1, 1·1 + 10·0
/// assert_eq!(*gradient.b, [11.0]);
/// ```
/// With a stride of 2 and a row and a column of zeros above and to the left:
/// ```
/// # use nn_core::prelude::*;
/// # use nn_core::Param;
/// let conv: Conv2d<1, 1, 2, 2, f64, 2, 2, 1, 1> = Conv2d { W: Param::from([[[[1.0, 2.0], [3.0, 4.0]]]]), b: Param::from([0.0]) };
/// let mut y = [[[[0.0; 2]; 1]; 1]];
/// conv.forward(&[[[[1.0, 10.0, 100.0]]]], &mut y);
/// assert_eq!(y, [[[[4.0, 430.0]]]]); // 4·1; 3·10 + 4·100
/// ```
/// # Source
/// `LeCun` et al. 1998, "Gradient-based learning applied to document recognition"; Dumoulin and Visin 2016, arXiv:1603.07285, for sizes;
/// Yu and Koltun 2016, arXiv:1511.07122, for dilation.
#[derive(Clone, Debug, PartialEq, Parameters)]
#[expect(non_snake_case, reason = "W is the textbook's symbol")]
pub struct Conv2d<
    const C: usize,
    const O: usize,
    const KH: usize,
    const KW: usize,
    T: Element = f32,
    const SH: usize = 1,
    const SW: usize = 1,
    const PT: usize = 0,
    const PL: usize = 0,
    const DH: usize = 1,
    const DW: usize = 1,
    const B: usize = O,
> {
    /// Weights, `[O, C, KH, KW]`.
    #[init(xavier)]
    pub W: Param<[[[[T; KW]; KH]; C]; O]>,
    /// Biases, `[O]`, or none.
    pub b: Param<[T; B]>,
}

impl<
    const C: usize,
    const O: usize,
    const KH: usize,
    const KW: usize,
    T: Element,
    const SH: usize,
    const SW: usize,
    const PT: usize,
    const PL: usize,
    const DH: usize,
    const DW: usize,
    const B: usize,
> Conv2d<C, O, KH, KW, T, SH, SW, PT, PL, DH, DW, B>
{
    /// The number of parameters: O·C·KH·KW + B.
    pub const PARAMETERS: usize = O * C * KH * KW + B;

    /// All parameters zero, as a gradient starts.
    #[must_use]
    pub fn zeros() -> Self {
        const { assert!(B == O || B == 0, "a bias for each map, or none") };
        Self {
            W: Param::zeros(),
            b: Param::zeros(),
        }
    }

    const fn sizes<X: Image, Y: Image>() -> Convolution {
        convolution::<X, Y>([O, C], [KH, KW], [SH, SW], [DH, DW], [PT, PL])
    }

    super::convolving::passes!();

    /// Computes y from x.
    pub fn forward<X: Image<Element = T>, Y: Image<Element = T>>(&self, x: &[X], y: &mut [Y]) {
        let sizes = const { &Self::sizes::<X, Y>() };
        let (x, y) = (X::flat(x), Y::flat_mut(y));
        T::correlate(x, self.W.flat(), self.biases(), false, y, sizes);
    }

    /// Forward with a `Relu` behind it, in one pass.
    pub fn forward_relu<X: Image<Element = T>, Y: Image<Element = T>>(&self, x: &[X], y: &mut [Y]) {
        let sizes = const { &Self::sizes::<X, Y>() };
        let (x, y) = (X::flat(x), Y::flat_mut(y));
        T::correlate(x, self.W.flat(), self.biases(), true, y, sizes);
    }

    /// The gradient of the input alone, for a layer that is not trained.
    pub fn backward_input<X: Image<Element = T>, Y: Image<Element = T>>(
        &self,
        dy: &[Y],
        dx: &mut [X],
    ) {
        let sizes = const { &Self::sizes::<X, Y>() };
        T::spread(Y::flat(dy), self.W.flat(), None, X::flat_mut(dx), sizes);
    }

    /// Becomes the gradient of the parameters; or descends along it, given a learning rate.
    fn learn<X: Image<Element = T>, Y: Image<Element = T>>(
        &mut self,
        x: &[X],
        dy: &[Y],
        descend: Option<T>,
    ) {
        let sizes = const { &Self::sizes::<X, Y>() };
        let (x, dy) = (X::flat(x), Y::flat(dy));
        T::correlate_dw(x, dy, self.W.flat_mut(), descend, sizes);
        if B > 0 {
            T::sum_maps(dy, self.b.flat_mut(), Y::SIZE[0] * Y::SIZE[1], descend);
        }
    }

    /// Fresh parameters.
    #[must_use]
    pub fn init(init: Init, rng: &mut Rng) -> Self {
        let mut layer = Self::zeros();
        init.fill_transposed(layer.W.flat_mut(), C * KH * KW, O * KH * KW, rng);
        layer
    }
}

impl<
    const C: usize,
    const O: usize,
    const KH: usize,
    const KW: usize,
    T: Element,
    const SH: usize,
    const SW: usize,
    const PT: usize,
    const PL: usize,
    const DH: usize,
    const DW: usize,
    const B: usize,
> Default for Conv2d<C, O, KH, KW, T, SH, SW, PT, PL, DH, DW, B>
{
    fn default() -> Self {
        Self::zeros()
    }
}
