//! The site of a school that does not exist, for whoever has not named a site yet.

use std::time::{Duration, SystemTime};

use crawler::{Failure, Request, Response, Web};

/// Where the sample pretends to stand.
pub(crate) const ADDRESS: &str = "https://www.ecole-lumen.example/fr/";

macro_rules! page {
    ($path:literal) => {
        ($path, include_str!(concat!("../sample", $path, "index.html")))
    };
}

const FILES: &[(&str, &str)] = &[
    ("/robots.txt", include_str!("../sample/robots.txt")),
    ("/sitemap.xml", include_str!("../sample/sitemap.xml")),
    page!("/fr/"),
    page!("/fr/formations/"),
    page!("/fr/formations/bachelor-marketing-digital/"),
    page!("/fr/formations/bachelor-developpeur-web/"),
    page!("/fr/formations/bachelor-ressources-humaines/"),
    page!("/fr/formations/bts-comptabilite-gestion/"),
    page!("/fr/formations/bts-mco/"),
    page!("/fr/formations/cap-petite-enfance/"),
    page!("/fr/formations/mastere-data/"),
    page!("/fr/formations/mastere-strategie-digitale/"),
    page!("/fr/financement/"),
    page!("/fr/financement/cpf/"),
    page!("/fr/financement/alternance/"),
    page!("/fr/financement/demandeurs-emploi/"),
    page!("/fr/financement/employeur-opco/"),
    page!("/fr/financement/paiement/"),
    page!("/fr/admission/"),
    page!("/fr/admission/vae-equivalences/"),
    page!("/fr/examens/"),
    page!("/fr/diplomes/"),
    page!("/fr/pedagogie/"),
    page!("/fr/stages/"),
    page!("/fr/handicap/"),
    page!("/fr/faq/"),
    page!("/fr/contact/"),
    page!("/fr/espace-eleve/"),
    page!("/fr/conditions/"),
    page!("/fr/resultats/"),
    page!("/fr/etranger-outre-mer/"),
    page!("/fr/donnees-personnelles/"),
    page!("/fr/mentions-legales/"),
    page!("/en/"),
    page!("/en/programmes/"),
    page!("/en/programmes/bachelor-digital-marketing/"),
    page!("/en/tuition/"),
    page!("/en/admissions/"),
    page!("/en/exams/"),
    page!("/en/contact/"),
];

/// A web that holds the sample and nothing else.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample;

impl Web for Sample {
    async fn get(&self, request: Request<'_>) -> Result<Response, Failure> {
        let file = FILES.iter().find(|(path, _)| *path == request.url.path());
        Ok(match file {
            Some((_, text)) => Response { status: 200, body: (*text).into(), ..Response::default() },
            None => Response { status: 404, ..Response::default() },
        })
    }

    async fn pause(&self, _: Duration) {}

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use crawler::{Draft, Outcome, Settings, Site, crawl};

    use super::*;

    #[tokio::test]
    async fn every_page_of_the_sample_is_kept_and_no_link_is_broken() {
        let settings = Settings::new(ADDRESS, "Test").unwrap();
        let (site, report) = crawl(&Sample, &settings, &Site::default(), &mut Draft::none(), &|_| ()).await.unwrap();
        assert_eq!(report.count(|outcome| matches!(outcome, Outcome::Skipped(_))), 0, "{report}");
        let kept: HashSet<&str> = site.pages().map(|(url, _)| url.path()).collect();
        assert_eq!(kept.len(), FILES.len() - 2, "all files are listed");
    }
}
