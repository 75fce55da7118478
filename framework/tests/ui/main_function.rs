#[bavard::main]
fn bot<T>(name: String) {
    drop(name);
}
