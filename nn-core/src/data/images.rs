//! Pictures as samples: single files, and folders with a folder for each class.

use std::fs;
use std::io::{self, Cursor};
use std::panic;
use std::path::{Path, PathBuf};

use image::imageops::FilterType;
use image::{ColorType, DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader};

use super::{Dataset, ImageProblem};
use crate::element::Element;
use crate::error::{Error, Result};
use crate::files::read_regular;
use crate::sample::Sample;

/// What becomes of a picture that has another size than the samples. Pixels are weighed as PyTorch's bilinear resizing with antialiasing does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Resize {
    /// It is stretched to the size, whatever its proportions: all of it is seen.
    Stretch,
    /// It keeps its proportions and covers the size: what sticks out on two sides is cut off, as much on either.
    Cover,
}

/// How to read pictures, PNG and JPEG, as samples `[[[f32; W]; H]; C]`: 1 channel is grey, 3 are red, green and blue, 4 have opacity behind them.
///
/// Numbers are from 0 to 1: a byte divided by 255, of 16 bits by 65,535. Colours become grey by their luma, 0.2126 R + 0.7152 G + 0.0722 B
/// (ITU-R BT.709); where samples have no opacity, that of a picture is dropped. A picture that the camera has noted to be turned is turned, as viewers
/// show it.
///
/// ```
/// use nn_core::data::{Images, Resize};
///
/// # let folder = tempfile::tempdir().unwrap();
/// # let flowers = folder.path().join("flowers");
/// # for (name, level) in [("daisy/1.png", 255_u8), ("daisy/2.png", 204), ("rose/1.png", 51)] {
/// #     let file = flowers.join(name);
/// #     std::fs::create_dir_all(file.parent().unwrap()).unwrap();
/// #     let mut file = png::Encoder::new(std::fs::File::create(file).unwrap(), 8, 6);
/// #     file.write_header().unwrap().write_image_data(&[level; 48]).unwrap();
/// # }
/// // flowers/daisy/1.png, flowers/daisy/2.png, flowers/rose/1.png
/// let images = Images::new().resize(Resize::Cover);
/// let (data, names) = images.read_folder::<[[[f32; 4]; 4]; 3]>(&flowers)?;
/// assert_eq!((data.len(), names), (3, vec!["daisy".to_owned(), "rose".to_owned()]));
/// assert_eq!(data.t, [0, 0, 1]);
/// assert_eq!(data.x[2], [[[0.2; 4]; 4]; 3]);
///
/// // One file, to ask a network about.
/// let x: [[[f32; 4]; 4]; 3] = images.read(flowers.join("daisy/2.png"))?;
/// assert_eq!(x, data.x[1]);
/// # Ok::<(), nn_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Images {
    resize: Option<Resize>,
}

type Outcome<T> = std::result::Result<T, ImageProblem>;

impl Images {
    /// The most pixels that a picture may have, 2²⁶: more than cameras take.
    pub const MAX_PIXELS: u64 = 1 << 26;

    /// Pictures of just the size of the samples; others are an error that says so.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Pictures of all sizes.
    #[must_use]
    pub fn resize(mut self, resize: Resize) -> Self {
        self.resize = Some(resize);
        self
    }

    /// Reads a folder that has a folder for each class, with the pictures of that class and nothing else. Their names come behind the data,
    /// sorted, and a target is a place among them; within a class samples are in the order of their files' names. So the order is the same on every
    /// machine.
    ///
    /// What systems leave behind is passed over: whatever begins with a dot, `Thumbs.db`, `desktop.ini`; and files beside the folders that are no pictures,
    /// such as a licence. Pictures are decoded one after another, and only samples are kept in memory.
    ///
    /// # Errors
    /// [`Error::Io`] for a folder or a file that cannot be read; [`Error::Image`], which names the file or folder: for no classes, a class without
    /// pictures, pictures outside of a class, folders in a class, and as [`Images::read`].
    pub fn read_folder<X: Sample>(
        &self,
        folder: impl AsRef<Path>,
    ) -> Result<(Dataset<X, usize>, Vec<String>)> {
        let folder = folder.as_ref();
        let mut names = Vec::new();
        let (mut x, mut t) = (Vec::new(), Vec::new());
        // Through one sample's numbers, so that a large one never passes over the stack.
        let mut numbers = vec![<X::Element as Sample>::ZERO; X::LEN];
        for class in classes(folder)? {
            for picture in pictures(&class.path)? {
                self.read_into::<X>(&picture, &mut numbers)?;
                x.extend_from_slice(X::from_flat(&numbers));
                t.push(names.len());
            }
            names.push(class.name);
        }
        Ok((Dataset { x, t }, names))
    }

    /// Reads a picture.
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be read; [`Error::Image`], which names it: for a file that is neither PNG nor JPEG, is damaged or ends early, for another
    /// size than the sample's without [`Images::resize`], for more than [`Images::MAX_PIXELS`], and for more pixels than so small a file can hold.
    pub fn read<X: Sample>(&self, path: impl AsRef<Path>) -> Result<X> {
        let mut sample = [X::ZERO];
        self.read_into::<X>(path.as_ref(), X::flat_mut(&mut sample))?;
        let [sample] = sample;
        Ok(sample)
    }

    /// [`Images::read`] of the content of a file.
    ///
    /// # Errors
    /// As [`Images::read`]; the file is called `the bytes`.
    pub fn decode<X: Sample>(&self, content: &[u8]) -> Result<X> {
        let mut sample = [X::ZERO];
        let numbers = X::flat_mut(&mut sample);
        decode(content, *self, layout::<X>(), numbers)
            .map_err(|problem| wrong(Path::new("the bytes"), problem))?;
        let [sample] = sample;
        Ok(sample)
    }

    fn read_into<X: Sample>(self, path: &Path, numbers: &mut [X::Element]) -> Result<()> {
        let content = read_regular(path)?.ok_or_else(|| wrong(path, ImageProblem::NotAFile))?;
        decode(&content, self, layout::<X>(), numbers).map_err(|problem| wrong(path, problem))
    }
}

fn wrong(path: &Path, problem: ImageProblem) -> Error {
    let path = path.to_owned();
    Error::Image { path, problem }
}

/// Channels, rows and columns of a sample.
#[derive(Clone, Copy)]
struct Layout {
    channels: usize,
    rows: u32,
    columns: u32,
}

fn layout<X: Sample>() -> Layout {
    const {
        assert!(
            matches!(X::SHAPE.sizes(), [1 | 3 | 4, 1..=65_535, 1..=65_535]),
            "a picture is `[[[f32; columns]; rows]; channels]`, of 1, 3 or 4 channels and at most 65,535 rows and columns"
        );
    }
    let size = |axis: usize| X::SHAPE.sizes().get(axis).copied().unwrap_or_default();
    let side = |axis| u32::try_from(size(axis)).unwrap_or(u32::MAX);
    Layout {
        channels: size(0),
        rows: side(1),
        columns: side(2),
    }
}

fn decode<T: Element>(
    content: &[u8],
    images: Images,
    layout: Layout,
    numbers: &mut [T],
) -> Outcome<()> {
    let picture = sized(picture(content)?, images.resize, layout)?;
    let is_deep = matches!(
        picture.color(),
        ColorType::L16 | ColorType::La16 | ColorType::Rgb16 | ColorType::Rgba16
    );
    if is_deep {
        let values = match layout.channels {
            1 => picture.into_luma16().into_raw(),
            3 => picture.into_rgb16().into_raw(),
            _ => picture.into_rgba16().into_raw(),
        };
        spread(&values, layout.channels, f64::from(u16::MAX), numbers);
    } else {
        let values = match layout.channels {
            1 => picture.into_luma8().into_raw(),
            3 => picture.into_rgb8().into_raw(),
            _ => picture.into_rgba8().into_raw(),
        };
        spread(&values, layout.channels, f64::from(u8::MAX), numbers);
    }
    Ok(())
}

/// From the numbers of each pixel side by side to those of each channel.
fn spread<V: Copy + Into<f64>, T: Element>(
    values: &[V],
    channels: usize,
    largest: f64,
    numbers: &mut [T],
) {
    let pixels = values.len() / channels;
    for (place, pixel) in values.chunks_exact(channels).enumerate() {
        for (channel, &value) in pixel.iter().enumerate() {
            numbers[channel * pixels + place] = T::of(value.into() / largest);
        }
    }
}

/// What a decoder panics at is damaged too: a file among thousands must not end a program, and decoders assert what broken files do not keep.
fn picture(content: &[u8]) -> Outcome<DynamicImage> {
    panic::catch_unwind(|| decoded(content)).unwrap_or_else(|payload| {
        let said = payload.downcast_ref::<String>().map(String::as_str);
        let said = said.or_else(|| payload.downcast_ref::<&str>().copied());
        Err(ImageProblem::Damaged {
            reason: format!("its decoder panicked, {}", said.unwrap_or("saying nothing")),
        })
    })
}

/// Decodes what is no larger than its file can make believe.
fn decoded(content: &[u8]) -> Outcome<DynamicImage> {
    let Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg)) = image::guess_format(content) else {
        return Err(ImageProblem::Format);
    };
    let reader = ImageReader::with_format(Cursor::new(content), format);
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let (columns, rows) = decoder.dimensions();
    let pixels = u64::from(columns) * u64::from(rows);
    if pixels > Images::MAX_PIXELS {
        return Err(ImageProblem::TooLarge { rows, columns });
    }
    let at_most = (content.len() as u64).saturating_mul(match format {
        // Deflate makes at most 1032 bytes of one (RFC 1951: a length of 258 in 2 bits), each of which has up to 8 pixels.
        ImageFormat::Png => 8 * 1032,
        // Of one component every 8 × 8 pixels are a block (ITU-T T.81), and a block takes a bit at least.
        _ => 8 * 64,
    });
    if pixels > at_most {
        return Err(ImageProblem::Implausible {
            rows,
            columns,
            bytes: content.len(),
        });
    }
    if format == ImageFormat::Jpeg && !ends(content) {
        return Err(ImageProblem::Truncated);
    }
    let orientation = decoder.orientation().map_err(damaged)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// Whether a JPEG file has its end mark. Without it decoders fill what is missing with grey. In the data of a scan no mark can stand, and a
/// small picture within the file stands before the last scan.
fn ends(content: &[u8]) -> bool {
    const SCAN: [u8; 2] = [0xff, 0xda];
    const END: [u8; 2] = [0xff, 0xd9];
    let last = |mark| content.windows(2).rposition(|bytes| bytes == mark);
    last(END).is_some_and(|end| last(SCAN).is_none_or(|scan| scan < end))
}

fn damaged(error: ImageError) -> ImageProblem {
    match error {
        ImageError::IoError(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            ImageProblem::Truncated
        }
        error => ImageProblem::Damaged {
            reason: error.to_string().trim().to_owned(),
        },
    }
}

fn sized(picture: DynamicImage, resize: Option<Resize>, layout: Layout) -> Outcome<DynamicImage> {
    let Layout { rows, columns, .. } = layout;
    if (picture.height(), picture.width()) == (rows, columns) {
        return Ok(picture);
    }
    match resize {
        Some(Resize::Stretch) => Ok(picture.resize_exact(columns, rows, FilterType::Triangle)),
        Some(Resize::Cover) => Ok(picture.resize_to_fill(columns, rows, FilterType::Triangle)),
        None => Err(ImageProblem::Size {
            found: [picture.height(), picture.width()],
            expected: [rows, columns],
        }),
    }
}

struct Class {
    name: String,
    path: PathBuf,
}

/// The folders of the classes, in the order of their names.
fn classes(folder: &Path) -> Result<Vec<Class>> {
    let mut classes = Vec::new();
    for path in entries(folder)? {
        if path.is_dir() {
            let name = path.file_name().and_then(|name| name.to_str());
            let name = name.ok_or_else(|| wrong(&path, ImageProblem::Name))?;
            classes.push(Class {
                name: name.to_owned(),
                path,
            });
        } else if is_called_a_picture(&path) {
            return Err(wrong(&path, ImageProblem::OutsideOfClass));
        }
    }
    if classes.is_empty() {
        return Err(wrong(folder, ImageProblem::NoClasses));
    }
    Ok(classes)
}

/// The files of a class, in the order of their names.
fn pictures(class: &Path) -> Result<Vec<PathBuf>> {
    let pictures = entries(class)?;
    if let Some(nested) = pictures.iter().find(|path| path.is_dir()) {
        return Err(wrong(nested, ImageProblem::FolderInClass));
    }
    if pictures.is_empty() {
        return Err(wrong(class, ImageProblem::NoPictures));
    }
    Ok(pictures)
}

/// What is in a folder, sorted by name, without what systems leave behind.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let read = || -> io::Result<Vec<PathBuf>> {
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let left_behind = name == "Thumbs.db" || name == "desktop.ini";
            if !left_behind && !name.as_encoded_bytes().starts_with(b".") {
                paths.push(entry.path());
            }
        }
        paths.sort_unstable();
        Ok(paths)
    };
    read().map_err(|source| Error::io(folder, source))
}

fn is_called_a_picture(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    let extension = extension.to_ascii_lowercase();
    ["png", "jpg", "jpeg"].contains(&extension.as_str())
}
