//! What a convolution and its transpose have in common: passes that are made of others.

/// Methods of a layer with weights `W`, `B` biases `b` and numbers `T`, in terms of its `backward_input` and of its `learn`, which
/// becomes the gradient of the parameters, or descends along it.
macro_rules! passes {
    () => {
        fn biases(&self) -> Option<&[T]> {
            (B > 0).then(|| self.b.flat())
        }

        /// Computes, from the upstream gradient dy, the gradient of the parameters and, unless nobody needs it, dx.
        pub fn backward<X: Image<Element = T>, Y: Image<Element = T>>(
            &self,
            x: &[X],
            dy: &[Y],
            dx: Option<&mut [X]>,
            gradient: &mut Self,
        ) {
            if let Some(dx) = dx {
                self.backward_input(dy, dx);
            }
            gradient.learn(x, dy, None);
        }

        /// Backward with a `Relu` in front: `x` is what that gave, and `dx` the gradient of what it read.
        pub fn backward_relu<X: Image<Element = T>, Y: Image<Element = T>>(
            &self,
            x: &[X],
            dy: &[Y],
            dx: &mut [X],
            gradient: &mut Self,
        ) {
            self.backward_input_relu(x, dy, dx);
            gradient.learn(x, dy, None);
        }

        /// [`Self::backward_input`] with a `Relu` in front, as [`Self::backward_relu`].
        pub fn backward_input_relu<X: Image<Element = T>, Y: Image<Element = T>>(
            &self,
            x: &[X],
            dy: &[Y],
            dx: &mut [X],
        ) {
            self.backward_input(dy, dx);
            T::relu_backward(X::flat(x), X::flat_mut(dx));
        }

        /// Backward, and `p ← p − lr·g` for each parameter: the gradient is not kept.
        pub fn descend<X: Image<Element = T>, Y: Image<Element = T>>(
            &mut self,
            x: &[X],
            dy: &[Y],
            dx: Option<&mut [X]>,
            lr: T,
        ) {
            if let Some(dx) = dx {
                self.backward_input(dy, dx);
            }
            self.learn(x, dy, Some(lr));
        }

        /// [`Self::descend`] with a `Relu` in front, as [`Self::backward_relu`].
        pub fn descend_relu<X: Image<Element = T>, Y: Image<Element = T>>(
            &mut self,
            x: &[X],
            dy: &[Y],
            dx: &mut [X],
            lr: T,
        ) {
            self.backward_input_relu(x, dy, dx);
            self.learn(x, dy, Some(lr));
        }
    };
}
pub(super) use passes;
