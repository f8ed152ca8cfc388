//! Folders with a folder for each class.

use std::fs;
use std::path::Path;

use nn_core::data::{Images, Resize};
use nn_core::prelude::*;
use nn_core::{Error, Result};
use tempfile::TempDir;

use crate::{fixture, message};

type Grey = [[[f32; 13]; 9]; 1];

/// A folder of copies of fixtures.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, of) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::copy(fixture(of), path).unwrap();
    }
    folder
}

fn read(folder: &Path) -> Result<(Dataset<Grey, usize>, Vec<String>)> {
    Images::new().read_folder(folder)
}

#[test]
fn classes_and_samples_are_in_the_order_of_their_names() {
    let folder = folder(&[
        ("b/2.png", "grey.png"),
        ("b/10.png", "bilevel.png"),
        ("B/x.JPG", "grey.jpg"),
        ("a/any.name", "rgb.png"),
        ("a/.hidden", "numbers.json"),
        ("a/Thumbs.db", "numbers.json"),
        (".git/config", "numbers.json"),
        ("licence.txt", "numbers.json"),
    ]);
    let (data, names) = read(folder.path()).unwrap();
    // By bytes: capitals first, and 10 before 2.
    assert_eq!(names, ["B", "a", "b"]);
    assert_eq!(data.t, [0, 1, 2, 2]);
    let files = ["grey.jpg", "rgb.png", "bilevel.png", "grey.png"];
    let expected: Vec<Grey> = files
        .iter()
        .map(|file| Images::new().read(fixture(file)).unwrap())
        .collect();
    assert_eq!(data.x, expected);
}

#[test]
fn mistakes_in_a_folder_are_named() {
    let empty = tempfile::tempdir().unwrap();
    assert!(
        message(read(empty.path())).starts_with("holds no folders: expected one for each class")
    );
    let flat = folder(&[("1.png", "grey.png"), ("2.png", "grey.png")]);
    assert_eq!(
        message(read(flat.path())),
        "lies beside the folders of the classes: expected pictures in one of these"
    );
    let nested = folder(&[("a/1.png", "grey.png"), ("a/more/2.png", "grey.png")]);
    let error = read(nested.path());
    assert_eq!(
        message(error),
        "is a folder in that of a class: expected pictures alone"
    );
    let other = folder(&[("a/1.png", "grey.png"), ("a/notes.txt", "numbers.json")]);
    let Err(Error::Image { path, problem }) = read(other.path()) else {
        panic!("a text is no picture");
    };
    assert_eq!(
        (path, problem.to_string().as_str()),
        (other.path().join("a/notes.txt"), "is neither PNG nor JPEG")
    );
    fs::create_dir(other.path().join("b")).unwrap();
    fs::remove_file(other.path().join("a/notes.txt")).unwrap();
    assert_eq!(
        message(read(other.path())),
        "holds no pictures: expected PNG or JPEG files"
    );

    let nowhere = empty.path().join("nowhere");
    assert!(matches!(read(&nowhere), Err(Error::Io { path, .. }) if path == nowhere));
    let file = flat.path().join("1.png");
    assert!(matches!(read(&file), Err(Error::Io { path, .. }) if path == file));
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_and_what_has_no_name() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = folder(&[("a/1.png", "grey.png")]);
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("a/zero.png")).unwrap();
    assert_eq!(message(read(folder.path())), "is no regular file");
    fs::remove_file(folder.path().join("a/zero.png")).unwrap();
    // Round and round: a folder in that of a class, or a class that has one.
    std::os::unix::fs::symlink(folder.path(), folder.path().join("a/loop")).unwrap();
    assert!(message(read(folder.path())).starts_with("is a folder in that of a class"));
    fs::remove_file(folder.path().join("a/loop")).unwrap();
    std::os::unix::fs::symlink(folder.path(), folder.path().join("loop")).unwrap();
    assert!(message(read(folder.path())).starts_with("is a folder in that of a class"));
    fs::remove_file(folder.path().join("loop")).unwrap();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9");
    fs::create_dir(folder.path().join(name)).unwrap();
    assert!(message(read(folder.path())).starts_with("has a name that is not UTF-8"));
}

network! {
    /// Tells upright stripes from those that lie.
    struct Stripes< Input(1, 8, 8) -> Conv2d(4, 3) -> Relu -> GlobalAvgPool -> Affine(_, 2) -> SoftmaxWithLoss >;
}

/// From files on disk to a network that knows one class from the other, through a split, as any data.
#[test]
fn a_network_learns_from_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    for (class, upright) in [("lying", false), ("upright", true)] {
        fs::create_dir(folder.path().join(class)).unwrap();
        for number in 0..20_u8 {
            let pixel = |y: u8, x: u8| {
                if ((if upright { x } else { y }) + number) % 8 < 4 {
                    250 - number
                } else {
                    number
                }
            };
            let pixels: Vec<u8> = (0..16)
                .flat_map(|y| (0..24).map(move |x| pixel(y, x)))
                .collect();
            let file = fs::File::create(folder.path().join(class).join(format!("{number:02}.png")))
                .unwrap();
            let mut file = png::Encoder::new(file, 24, 16);
            file.set_color(png::ColorType::Grayscale);
            file.write_header()
                .unwrap()
                .write_image_data(&pixels)
                .unwrap();
        }
    }
    let images = Images::new().resize(Resize::Cover);
    let (data, names) = images
        .read_folder::<[[[f32; 8]; 8]; 1]>(folder.path())
        .unwrap();
    assert_eq!((data.len(), names.len()), (40, 2));
    let (train, test) = data.random_split(30, 1).unwrap();
    let mut net = Stripes::seeded(1);
    let mut trainer = Trainer::new(Adam::new(0.05))
        .batch_size(10)
        .epochs(40)
        .silent();
    trainer.fit(&mut net, &train, &test).unwrap();
    assert_eq!(net.accuracy(&test.x, &test.t).unwrap(), 1.0);
}
