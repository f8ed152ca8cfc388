use std::path::PathBuf;

use proptest::prelude::*;
use tempfile::TempDir;

use super::Csv;
use crate::data::Dataset;
use crate::error::{Error, Result};

fn file(content: impl AsRef<[u8]>) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.csv");
    std::fs::write(&path, content).unwrap();
    (folder, path)
}

fn read<const F: usize>(csv: &Csv, content: impl AsRef<[u8]>) -> Result<Dataset<[f64; F], u8>> {
    let (_folder, path) = file(content);
    csv.read(path)
}

fn message<T>(result: Result<T>) -> String {
    let Err(error @ Error::Csv { .. }) = result else {
        panic!("expected an error in a CSV file");
    };
    let message = error.to_string();
    message.split_once("data.csv: ").unwrap().1.to_owned()
}

#[test]
fn features_are_all_columns_but_the_targets_and_those_left_out() {
    let content = "id,a,t,b\n7, 1.5 ,2,-3e2\n\n8,\"4\",0,5\r\n9,6,1,7";
    let data = read::<2>(&Csv::new("t").leave_out("id"), content).unwrap();
    assert_eq!(data.x, [[1.5, -300.0], [4.0, 5.0], [6.0, 7.0]]);
    assert_eq!(data.t, [2, 0, 1]);
    let data = read::<3>(&Csv::new(2), content).unwrap();
    assert_eq!(data.x[2], [9.0, 6.0, 7.0]);
}

#[test]
fn other_delimiters_and_no_header() {
    let csv = Csv::new(0).without_header().delimiter(b';');
    let data = read::<2>(&csv, "1;0.5;2\n0;3;4\n").unwrap();
    assert_eq!((data.x, data.t), (vec![[0.5, 2.0], [3.0, 4.0]], vec![1, 0]));
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_name() {
    let data = read::<1>(&Csv::new("t"), "\u{feff}t,a\n1,2\n").unwrap();
    assert_eq!((data.x, data.t), (vec![[2.0]], vec![1]));
}

#[test]
fn targets_of_several_columns_keep_their_order() {
    let (_folder, path) = file("a,y,x\n1,2,3\n4,5,6\n");
    let data: Dataset<[f32; 1], [f32; 2]> = Csv::with_targets(["x", "y"]).read(&path).unwrap();
    assert_eq!(
        (data.x, data.t),
        (vec![[1.0], [4.0]], vec![[3.0, 2.0], [6.0, 5.0]])
    );
    let found = Csv::with_targets(["x", "y"]).read::<[f32; 1], u8>(&path);
    assert_eq!(
        message(found),
        "2 target columns were named for targets of 1 numbers"
    );
}

#[test]
fn classes_are_numbered_in_the_order_of_their_names() {
    let (_folder, path) = file("a,kind\n1,wolf\n2,bear\n3,\"wolf\"\n4,cat\n");
    let (data, names) = Csv::new("kind").read_classes::<[f32; 1]>(path).unwrap();
    assert_eq!(names, ["bear", "cat", "wolf"]);
    assert_eq!(data.t, [2, 0, 2, 1]);
}

#[test]
fn whatever_is_wrong_is_named_with_its_line_and_column() {
    let csv = Csv::new("t");
    for (content, expected) in [
        ("", "holds no rows"),
        ("a,b,t\n", "holds no rows"),
        (
            "a,b,t\n1,2,3\n\n4,x5,6\n",
            "line 4, column `b`: `x5`, expected a finite number",
        ),
        (
            "a,b,t\n1,2,3\n4,,6\n",
            "line 3, column `b`: nothing, expected a finite number",
        ),
        (
            "a,b,t\n1,NaN,3\n",
            "line 2, column `b`: `NaN`, expected a finite number",
        ),
        (
            "a,b,t\n1,1e999,3\n",
            "line 2, column `b`: `1e999`, expected a finite number",
        ),
        (
            "a,b,t\n1,2,256\n",
            "line 2, column `t`: `256`, expected a whole number from 0 to 255",
        ),
        (
            "a,b,t\n\"1\n\",2,3\n4,5,6.0\n",
            "line 4, column `t`: `6.0`, expected a whole number from 0 to 255",
        ),
        (
            "a,b,t\n1,2,3\n4,5\n",
            "line 3 has 2 fields, expected 3 as in the first row",
        ),
        (
            "a,b,c\n1,2,3\n",
            "has no column `t`: there are `a`, `b`, `c`",
        ),
        (
            "a,t,t\n1,2,3\n",
            "has more than one column `t`: name it by its place, from 0",
        ),
        (
            "id,a,b,t\n1,2,3,4\n",
            "has 3 columns for samples of 2 numbers: `id`, `a`, `b`; leave out what is no feature",
        ),
    ] {
        assert_eq!(message(read::<2>(&csv, content)), expected, "{content:?}");
    }
    let found = read::<2>(&Csv::new(3).without_header(), "1,2,3\n");
    assert_eq!(message(found), "has no column 3: there are 0, 1, 2");
    let long = format!("a,b,t\n{},2,3\n", "ä".repeat(1000));
    let expected = format!(
        "line 2, column `a`: `{}…`, expected a finite number",
        "ä".repeat(40)
    );
    assert_eq!(message(read::<2>(&csv, long)), expected);
    let (folder, _) = file("");
    assert!(Csv::new(0).read::<[f32; 1], u8>(folder.path()).is_err());
    assert!(matches!(
        Csv::new(0).read::<[f32; 1], u8>(folder.path().join("no.csv")),
        Err(Error::Io { .. })
    ));
}

proptest! {
    #[test]
    fn any_bytes_are_data_or_an_error(
        content in proptest::collection::vec(
            prop_oneof![Just(b','), Just(b'\n'), Just(b'"'), Just(b'1'), Just(b'.'), any::<u8>()], 0..200),
    ) {
        let (_folder, path) = file(content);
        let csv = Csv::new(0).without_header();
        if let Ok(data) = csv.read::<[f32; 1], u8>(&path) {
            prop_assert_eq!(data.x.len(), data.t.len());
        }
        let _ = csv.read_classes::<[f32; 2]>(&path);
    }

    #[test]
    fn numbers_come_back_to_the_last_bit(
        rows in proptest::collection::vec((any::<f64>(), any::<f64>(), any::<u8>()), 1..20),
    ) {
        prop_assume!(rows.iter().all(|(a, b, _)| a.is_finite() && b.is_finite()));
        let lines: Vec<String> = rows.iter().map(|(a, b, t)| format!("{a:e},{b},{t}")).collect();
        let data = read::<2>(&Csv::new(2).without_header(), lines.join("\n")).unwrap();
        for ((a, b, t), (x, found)) in rows.iter().zip(data.x.iter().zip(&data.t)) {
            prop_assert_eq!((a.to_bits(), b.to_bits(), t), (x[0].to_bits(), x[1].to_bits(), found));
        }
    }
}
