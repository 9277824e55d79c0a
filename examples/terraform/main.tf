# terraform init && terraform apply
data "external" "secrets" {
  program = ["sotto", "export", "--format", "json", "--query"]
  query = {
    file = "${path.module}/secrets.yaml"
    only = "DB_*"
  }
}

output "db_user" {
  value     = data.external.secrets.result.DB_USER
  sensitive = true
}
