struct App;

#[bavard::main("codedoc", port = 8301)]
#[bavard::on_dm]
async fn bot() -> App {
    App
}
