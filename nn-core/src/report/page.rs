//! The page: HTML that is XML too, with everything in it.

use std::fmt::Write as _;

use nn_picture::{grouped, xml};

use super::{Content, Report};
use crate::plot::svg;
use crate::trainer::{EpochRecord, History};

const STYLE: &str = include_str!("page.css");
/// More rows than this nobody reads: of longer tables every second, third, … row is shown.
const MOST_ROWS: usize = 500;

pub(super) fn html(report: &Report) -> String {
    let mut page = String::new();
    head(&mut page, &report.title);
    page.push_str("<body>\n<main>\n");
    let _ = writeln!(page, "<h1>{}</h1>", xml(&report.title));
    let sections = sections(report);
    tiles(&mut page, report);
    page.push_str("<nav aria-label=\"Sections\">");
    for (index, (title, _)) in sections.iter().enumerate() {
        let _ = write!(page, "<a href=\"#s{index}\">{}</a>", xml(title));
    }
    page.push_str("</nav>\n");
    for (index, (title, content)) in sections.iter().enumerate() {
        let title = xml(title);
        let _ = writeln!(
            page,
            "<section aria-labelledby=\"s{index}\">\n<h2 id=\"s{index}\">{title}</h2>\n{content}</section>"
        );
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn head(page: &mut String, title: &str) {
    // A browser is told to load nothing and to run nothing, whatever names there are.
    page.push_str(
        "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n",
    );
    let _ = writeln!(page, "<title>{}</title>", xml(title));
    let (light, dark) = (svg::variables(false), svg::variables(true));
    let _ = write!(
        page,
        "<style>\n:root{{{light}--ground:#f1f2f4}}\n@media(prefers-color-scheme:dark){{:root{{{dark}--ground:#0f1114}}}}\n\
         @media print{{:root{{{light}--ground:#ffffff}}}}\n{}{STYLE}</style>\n</head>\n",
        svg::style()
    );
}

/// Figures that one looks for first.
fn tiles(page: &mut String, report: &Report) {
    let mut tiles = vec![
        ("parameters", grouped(report.graph.parameters())),
        ("multiply-adds per sample", grouped(report.graph.macs())),
    ];
    if let Some(history) = &report.history {
        tiles.push(("epochs", grouped(history.epochs.len())));
        tiles.push(("steps", grouped(history.steps)));
        tiles.push(("training", duration(history.seconds)));
        if let Some(last) = history.epochs.last() {
            tiles.push(("last training loss", number(last.loss)));
            let optional = [
                ("last test loss", last.test_loss.map(number)),
                ("last test accuracy", last.test_accuracy.map(percent)),
            ];
            tiles.extend(
                optional
                    .into_iter()
                    .filter_map(|(name, value)| Some((name, value?))),
            );
        }
    }
    page.push_str("<dl class=\"tiles\">\n");
    for (name, value) in tiles {
        let _ = writeln!(page, "<div><dt>{name}</dt><dd>{value}</dd></div>");
    }
    page.push_str("</dl>\n");
    if let Some(reason) = report
        .history
        .as_ref()
        .and_then(|history| history.stop_reason.as_ref())
    {
        let _ = writeln!(page, "<p>The training was ended: {}.</p>", xml(reason));
    }
}

/// Headings and what stands under them.
fn sections(report: &Report) -> Vec<(&str, String)> {
    let mut sections = vec![("Network", network(report))];
    if !report.settings.is_empty() {
        sections.push(("Settings", settings(report)));
    }
    if let Some(history) = &report.history {
        sections.push(("Curves", figures(history.figure().to_inline_svgs())));
        if !history.epochs.is_empty() {
            sections.push(("Epochs", epochs(history)));
        }
    }
    for section in &report.sections {
        let content = match &section.content {
            Content::Figure(figure) => figures(figure.to_inline_svgs()),
            Content::Text(text) => format!("<pre>{}</pre>\n", lines(text)),
        };
        sections.push((&section.title, content));
    }
    sections
}

fn figures(pictures: Vec<String>) -> String {
    let cards = pictures
        .into_iter()
        .map(|svg| format!("<div class=\"card\">{svg}</div>\n"));
    format!(
        "<div class=\"figures\">\n{}</div>\n",
        cards.collect::<String>()
    )
}

/// Escaped, with its lines.
fn lines(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(xml).collect();
    lines.join("\n")
}

fn network(report: &Report) -> String {
    let mut html = String::from("<div class=\"network\">\n");
    let _ = writeln!(html, "<div class=\"card\">{}</div>", report.graph.to_svg());
    html.push_str(
        "<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"Layers\"><table>\n<thead><tr><th scope=\"col\">label</th>\
         <th scope=\"col\">layer</th><th scope=\"col\">input</th><th scope=\"col\">output</th><th scope=\"col\" class=\"number\">parameters</th>\
         <th scope=\"col\" class=\"number\">multiply-adds</th></tr></thead>\n<tbody>\n",
    );
    for layer in report.layers {
        let frozen = if layer.frozen { " (frozen)" } else { "" };
        let _ = writeln!(
            html,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td class=\"number\">{}{frozen}</td><td class=\"number\">{}</td></tr>",
            xml(layer.label),
            xml(layer.kind),
            shape(layer.input),
            shape(layer.output),
            grouped(layer.parameters),
            grouped(layer.macs),
        );
    }
    let _ = writeln!(
        html,
        "</tbody>\n<tfoot><tr><th scope=\"row\" colspan=\"4\">total</th><td class=\"number\">{}</td><td class=\"number\">{}</td></tr></tfoot>\n\
         </table></div>\n</div>",
        grouped(report.graph.parameters()),
        grouped(report.graph.macs()),
    );
    html
}

fn shape(sizes: &[usize]) -> String {
    let sizes: Vec<String> = sizes.iter().map(usize::to_string).collect();
    sizes.join(" × ")
}

fn settings(report: &Report) -> String {
    let mut html = String::from("<div class=\"table\"><table><tbody>\n");
    for (name, value) in &report.settings {
        let _ = writeln!(
            html,
            "<tr><th scope=\"row\">{}</th><td>{}</td></tr>",
            xml(name),
            xml(value)
        );
    }
    html.push_str("</tbody></table></div>\n");
    html
}

type Cell<'a> = dyn Fn(&EpochRecord) -> Option<String> + 'a;

/// A column of the table of epochs: its name, the text of a cell, and the number that is best when it is largest.
struct Column<'a> {
    name: String,
    cell: Box<Cell<'a>>,
    merit: Option<fn(&EpochRecord) -> Option<f64>>,
}

fn columns(history: &History) -> Vec<Column<'_>> {
    let column = |name: &str,
                  cell: fn(&EpochRecord) -> Option<String>,
                  merit: Option<fn(&EpochRecord) -> Option<f64>>| Column {
        name: name.to_owned(),
        cell: Box::new(cell),
        merit,
    };
    let mut columns = vec![
        column("epoch", |record| Some(grouped(record.epoch)), None),
        column("step", |record| Some(grouped(record.step)), None),
        column(
            "training loss",
            |record| Some(number(record.loss)),
            Some(|record| Some(-record.loss)),
        ),
        column(
            "test loss",
            |record| record.test_loss.map(number),
            Some(|record| record.test_loss.map(|loss| -loss)),
        ),
        column(
            "training accuracy",
            |record| record.train_accuracy.map(percent),
            Some(|record| record.train_accuracy),
        ),
        column(
            "test accuracy",
            |record| record.test_accuracy.map(percent),
            Some(|record| record.test_accuracy),
        ),
    ];
    for name in history.metric_names() {
        columns.push(Column {
            name: name.to_owned(),
            cell: Box::new(move |record| record.metric(name).map(number)),
            merit: None,
        });
    }
    columns.push(column(
        "learning rate",
        |record| Some(rate(record.lr)),
        None,
    ));
    columns.push(column(
        "time",
        |record| Some(duration(record.seconds)),
        None,
    ));
    columns.retain(|column| {
        history
            .epochs
            .iter()
            .any(|record| (column.cell)(record).is_some())
    });
    columns
}

fn epochs(history: &History) -> String {
    let columns = columns(history);
    let best: Vec<Option<usize>> = columns.iter().map(|column| best(history, column)).collect();
    let stride = history.epochs.len().div_ceil(MOST_ROWS).max(1);
    let mut html = String::new();
    if stride > 1 {
        let _ = writeln!(html, "<p>One row in {stride}, and the last.</p>");
    }
    html.push_str("<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"Epochs\"><table>\n<thead><tr>");
    for column in &columns {
        let _ = write!(
            html,
            "<th scope=\"col\" class=\"number\">{}</th>",
            xml(&column.name)
        );
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    let last = history.epochs.len() - 1;
    for (index, record) in history.epochs.iter().enumerate() {
        if index % stride != 0 && index != last && !best.contains(&Some(index)) {
            continue;
        }
        html.push_str("<tr>");
        for (column, best) in columns.iter().zip(&best) {
            let text = (column.cell)(record).unwrap_or_default();
            let class = if *best == Some(index) {
                "number best"
            } else {
                "number"
            };
            let _ = write!(html, "<td class=\"{class}\">{text}</td>");
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n</table></div>\n");
    if best.iter().any(Option::is_some) {
        html.push_str("<p>The best of each column is bold.</p>\n");
    }
    html
}

/// The first of the best epochs of a column.
fn best(history: &History, column: &Column<'_>) -> Option<usize> {
    let merit = column.merit?;
    let merits = history.epochs.iter().enumerate();
    let merits = merits.filter_map(|(index, record)| Some((index, merit(record)?)));
    let merits = merits.filter(|(_, merit)| !merit.is_nan());
    let best = merits.reduce(|best, other| if other.1 > best.1 { other } else { best });
    best.map(|(index, _)| index)
}

/// With four digits at most.
fn rate(value: f64) -> String {
    let text = number(value);
    if text.contains('e') || !text.contains('.') {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// With four digits.
fn number(value: f64) -> String {
    let magnitude = value.abs();
    if value == 0.0 || !value.is_finite() {
        value.to_string()
    } else if (1e-3..1e5).contains(&magnitude) {
        let text = format!("{value:.4}");
        if magnitude >= 100.0 {
            format!("{value:.1}")
        } else {
            text
        }
    } else {
        format!("{value:.3e}")
    }
}

fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}

fn duration(seconds: f64) -> String {
    let whole = std::time::Duration::try_from_secs_f64(seconds)
        .unwrap_or_default()
        .as_secs();
    match whole {
        0..100 => format!("{seconds:.1} s"),
        100..6_000 => format!("{} min {:02} s", whole / 60, whole % 60),
        _ => format!("{} h {:02} min", whole / 3_600, whole / 60 % 60),
    }
}
