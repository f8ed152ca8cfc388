use nn_macros::Parameters;

use crate::element::Element;
use crate::init::Init;
use crate::kernels::Convolution;
use crate::layers::images::{Image, convolution};
use crate::params::Param;
use crate::rng::Rng;

/// Transposed convolution of images: each number of C channels adds the weights of a window of KH × KW numbers, so many times, to O
/// channels. It is what the gradient of a [`Conv2d`](crate::Conv2d) does, and makes images larger where its stride is above 1.
///
/// In a declaration: `ConvTranspose2d(16, 4, stride = 2, padding = 1)`. Its options are `stride`, `padding`, `output_padding`, `dilation`,
/// `groups`, `bias` and `init`; see [`network!`](crate::network).
///
/// # Forward
/// ```text
/// y[n, o, r, s] = b[o] + Σ x[n, c, i, j] · W[c, o − g, k, l]
///                        over all c, i, j, k, l with r = i·SH + k·DH − PT and s = j·SW + l·DW − PL
///
/// x [N, CX, IH, IW]   W [CX, O, KH, KW]   b [B]   y [N, OX, OH, OW]
/// ```
/// There are G = OX / O groups: channels of x and of y are cut into as many parts, and g is where the channels of y begin that belong to
/// channel c. PT rows above and PL columns to the left of what comes out are cut off; how many are cut off below and to the right, or
/// added there, follows from OH and OW.
/// # Backward
/// ```text
/// dx[n, c, i, j] = Σ_o Σ_k Σ_l W[c, o, k, l] · dy[n, g + o, i·SH + k·DH − PT, j·SW + l·DW − PL]
/// dW[c, o, k, l] = Σ_n Σ_i Σ_j x[n, c, i, j] · dy[n, g + o, i·SH + k·DH − PT, j·SW + l·DW − PL]
/// db[o] = Σ_n Σ_r Σ_s dy[n, o, r, s]
/// ```
/// # Parameters
/// `W`: He normal before `Relu`, Xavier normal elsewhere, unless `init` says otherwise, with CX·KH·KW / G inputs and O·KH·KW outputs;
/// `b`: zeros. B is the number of channels of y, or 0 for a layer without biases.
///
/// Like [`Conv2d`](crate::Conv2d) it is no [`Layer`](crate::Layer), and has the two passes as methods.
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Param;
///
/// let conv: ConvTranspose2d<1, 1, 1, 2, f64> = ConvTranspose2d { W: Param::from([[[[1.0, 10.0]]]]), b: Param::from([0.5]) };
/// let (x, mut y) = ([[[[1.0, 2.0]]]], [[[[0.0; 3]]]]);
/// conv.forward(&x, &mut y);
/// assert_eq!(y, [[[[1.5, 12.5, 20.5]]]]); // 1·1, 1·10 + 2·1, 2·10; and 0.5 each
///
/// let (dy, mut dx, mut gradient) = ([[[[1.0, 2.0, 3.0]]]], x, ConvTranspose2d::zeros());
/// conv.backward(&x, &dy, Some(&mut dx), &mut gradient);
/// assert_eq!(dx, [[[[21.0, 32.0]]]]); // 1·1 + 2·10, 2·1 + 3·10
/// assert_eq!(*gradient.W, [[[[5.0, 8.0]]]]); // 1·1 + 2·2, 1·2 + 2·3
/// assert_eq!(*gradient.b, [6.0]);
/// ```
/// With a stride of 2 every number gets its own places:
/// ```
/// # use nn_core::prelude::*;
/// # use nn_core::Param;
/// # let conv: ConvTranspose2d<1, 1, 1, 2, f64, 1, 2> = ConvTranspose2d { W: Param::from([[[[1.0, 10.0]]]]), b: Param::from([0.0]) };
/// let mut y = [[[[0.0; 4]]]];
/// conv.forward(&[[[[1.0, 2.0]]]], &mut y);
/// assert_eq!(y, [[[[1.0, 10.0, 2.0, 20.0]]]]);
/// ```
/// # Source
/// Zeiler et al. 2010, "Deconvolutional networks"; Dumoulin and Visin 2016, arXiv:1603.07285, for sizes.
#[derive(Clone, Debug, PartialEq, Parameters)]
#[expect(non_snake_case, reason = "W is the textbook's symbol")]
pub struct ConvTranspose2d<
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
    const G: usize = 1,
> {
    /// Weights, `[C, O, KH, KW]`.
    #[init(xavier)]
    pub W: Param<[[[[T; KW]; KH]; O]; C]>,
    /// Biases, one for each channel of what it gives, or none.
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
    const G: usize,
> ConvTranspose2d<C, O, KH, KW, T, SH, SW, PT, PL, DH, DW, B, G>
{
    /// The number of parameters: C·O·KH·KW + B.
    pub const PARAMETERS: usize = C * O * KH * KW + B;

    /// All parameters zero, as a gradient starts.
    #[must_use]
    pub fn zeros() -> Self {
        const { assert!(B == 0 || B == G * O, "a bias for each channel, or none") };
        Self {
            W: Param::zeros(),
            b: Param::zeros(),
        }
    }

    /// The sizes of the convolution whose gradient this is.
    const fn sizes<X: Image, Y: Image>() -> Convolution {
        assert!(
            Y::CHANNELS == G * O && (B == 0 || B == Y::CHANNELS),
            "each group gives O channels; there is a bias for each of them, or none"
        );
        convolution::<Y, X>([C, O], [KH, KW], [SH, SW], [DH, DW], [PT, PL])
    }

    super::convolving::passes!();

    /// Computes y from x.
    pub fn forward<X: Image<Element = T>, Y: Image<Element = T>>(&self, x: &[X], y: &mut [Y]) {
        let sizes = const { &Self::sizes::<X, Y>() };
        let (x, y) = (X::flat(x), Y::flat_mut(y));
        T::spread(x, self.W.flat(), self.biases(), y, sizes);
    }

    /// Forward with a `Relu` behind it, in one pass.
    pub fn forward_relu<X: Image<Element = T>, Y: Image<Element = T>>(&self, x: &[X], y: &mut [Y]) {
        let sizes = const { &Self::sizes::<X, Y>() };
        let (x, y) = (X::flat(x), Y::flat_mut(y));
        T::spread(x, self.W.flat(), self.biases(), y, sizes);
        T::relu_forward(y);
    }

    /// The gradient of the input alone, for a layer that is not trained.
    pub fn backward_input<X: Image<Element = T>, Y: Image<Element = T>>(
        &self,
        dy: &[Y],
        dx: &mut [X],
    ) {
        let sizes = const { &Self::sizes::<X, Y>() };
        T::correlate(
            Y::flat(dy),
            self.W.flat(),
            None,
            false,
            X::flat_mut(dx),
            sizes,
        );
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
        T::correlate_dw(dy, x, self.W.flat_mut(), descend, sizes);
        if B > 0 {
            T::sum_maps(dy, self.b.flat_mut(), Y::SIZE[0] * Y::SIZE[1], descend);
        }
    }

    /// Fresh parameters.
    #[must_use]
    pub fn init(init: Init, rng: &mut Rng) -> Self {
        let mut layer = Self::zeros();
        init.fill(layer.W.flat_mut(), C / G * KH * KW, O * KH * KW, rng);
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
    const G: usize,
> Default for ConvTranspose2d<C, O, KH, KW, T, SH, SW, PT, PL, DH, DW, B, G>
{
    fn default() -> Self {
        Self::zeros()
    }
}
