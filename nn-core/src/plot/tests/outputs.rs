//! Files of pixels, and text for a terminal.

use super::history;
use super::panels::gallery;
use crate::error::Error;
use crate::plot::scene::Mark;
use crate::plot::{Chart, Colours, Figure, Gallery, Theme, axis, worst_mistakes};

/// Width, height, and the colour at a place.
fn decoded(bytes: &[u8]) -> (u32, u32, impl Fn(u32, u32) -> [u8; 3]) {
    let decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!(
        (info.color_type, info.bit_depth),
        (png::ColorType::Rgb, png::BitDepth::Eight)
    );
    let width = info.width;
    let at = move |x: u32, y: u32| {
        let start = 3 * (y * width + x) as usize;
        [pixels[start], pixels[start + 1], pixels[start + 2]]
    };
    (info.width, info.height, at)
}

#[test]
fn a_decoder_of_others_finds_the_pixels_of_a_png() {
    let figure = Figure::from(gallery(1));
    let scene = figure.scene();
    let image = scene.marks.iter().find_map(|mark| match mark {
        Mark::Image { area, .. } => Some(*area),
        _ => None,
    });
    let image = image.unwrap();
    for (theme, scale, paper) in [
        (Theme::Light, 1.0, [252, 252, 250]),
        (Theme::Dark, 2.0, [24, 26, 31]),
    ] {
        let bytes = figure.to_png(theme, scale).unwrap();
        let (width, height, at) = decoded(&bytes);
        assert_eq!(
            (f64::from(width), f64::from(height)),
            (scene.width * scale, (scene.height * scale).round())
        );
        assert_eq!(at(0, 0), paper);
        let part = |x: f64, y: f64| {
            let place = |number: f64| u32::try_from(axis::count(number * scale)).unwrap();
            at(
                place(image.left + x * image.width),
                place(image.top + y * image.height),
            )
        };
        // The picture is black and white, white and black.
        assert_eq!([part(0.2, 0.2), part(0.8, 0.2)], [[0; 3], [255; 3]]);
        assert_eq!([part(0.2, 0.8), part(0.8, 0.8)], [[255; 3], [0; 3]]);
    }
    // Letters: the title begins with a T, whose beam is wider than its stem.
    let bytes = Figure::from(gallery(1).title("T"))
        .to_png(Theme::Light, 4.0)
        .unwrap();
    let (_, _, at) = decoded(&bytes);
    let dark = |y: u32| (0..400).filter(|&x| at(x, y)[0] < 128).count();
    let rows: Vec<usize> = (0..120).map(dark).filter(|&count| count > 0).collect();
    assert!(
        (30..50).contains(&rows[2]) && (4..10).contains(&rows[rows.len() - 2]),
        "{rows:?}"
    );
    // DejaVu's capitals are 0.729 of the size high: 15 pixels, four times.
    assert!((43..=45).contains(&rows.len()), "{}", rows.len());
}

#[test]
fn lines_in_a_terminal_are_where_they_belong() {
    let chart = Chart::new("up", "step", "y").line("", [(0.0, 0.0), (100.0, 100.0)]);
    let text = Figure::from(chart).to_text(60, Colours::None);
    assert!(
        text.lines().all(|line| line.chars().count() <= 60),
        "{text}"
    );
    let is_dot = |character: char| ('\u{2801}'..='\u{28ff}').contains(&character);
    let places: Vec<usize> = text
        .lines()
        .filter_map(|line| line.chars().position(is_dot))
        .collect();
    // From the lower left to the upper right.
    assert!(
        places.len() >= 12 && places.is_sorted_by(|one, other| one > other),
        "{text}"
    );
    for tick in ["50 ┤", "100 ┤", "0 ┤"] {
        assert!(text.contains(tick), "{text}");
    }
    assert!(!text.contains('\u{1b}'));
    let chart = Chart::new("up", "step", "y").line("", [(0.0, 0.0), (100.0, 100.0)]);
    assert!(
        Figure::from(chart)
            .to_text(60, Colours::All)
            .contains("\u{1b}[38;2;")
    );
}

#[test]
fn what_cannot_be_drawn_or_written_is_an_error_that_says_so() {
    let figure = history(&[1.0, 2.0], &[]).figure();
    let error = figure.write("curves.gif").unwrap_err();
    assert_eq!(
        error.to_string(),
        "curves.gif: expected a name that ends in .svg, .png or .txt"
    );
    assert!(matches!(
        figure.to_png(Theme::Light, 0.0),
        Err(Error::HyperParameter { name: "scale", .. })
    ));
    let large = figure.clone().panel_width(4_000).to_png(Theme::Light, 8.0);
    assert!(matches!(large, Err(Error::PictureTooLarge { .. })));
    let worst = worst_mistakes(&[[1.0, 0.0]], &[1_u8], 1).unwrap();
    let error = Gallery::of_mistakes(&[[0.0; 3]], &worst, &[]).unwrap_err();
    assert!(matches!(error, Error::NoPicture { found } if found == [3]));
    let error = Gallery::of_mistakes::<[f32; 4]>(&[], &worst, &[]).unwrap_err();
    assert!(matches!(error, Error::OutOfRange { index: 0, len: 0 }));

    let folder = tempfile::tempdir().unwrap();
    for name in ["a.svg", "a.png", "a.txt"] {
        figure.write(folder.path().join(name)).unwrap();
    }
    let missing = folder.path().join("missing").join("a.svg");
    assert!(matches!(figure.write(&missing), Err(Error::Io { path, .. }) if path == missing));
}
