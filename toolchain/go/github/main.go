// Command pulumi-resource-github is the plugin of the npm package @pulumi/github: the same version of GitHub's Terraform
// provider behind the same bridge. Pulumi's own program is not to be had as a Go module, so its settings are repeated here
// (https://github.com/pulumi/pulumi-github, provider/resources.go), without what only makes documentation.
package main

import (
	"fmt"

	"github.com/integrations/terraform-provider-github/v6/github"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
)

// Written in by the linker.
var version = "0.0.0"

func main() {
	info := tfbridge.ProviderInfo{
		P:       shimv2.NewProvider(github.NewProvider(version, "")()),
		Name:    "github",
		Version: version,
		Config: map[string]*tfbridge.SchemaInfo{
			"base_url": {
				Default: &tfbridge.DefaultInfo{EnvVars: []string{"GITHUB_BASE_URL"}, Value: "https://api.github.com/"},
			},
		},
		Resources: map[string]*tfbridge.ResourceInfo{
			"github_actions_environment_secret":    {DeleteBeforeReplace: true},
			"github_repository_autolink_reference": {DeleteBeforeReplace: true},
			"github_repository_deploy_key":         {DeleteBeforeReplace: true},
			// A list in @pulumi/github, although the Terraform provider takes one entry only.
			"github_repository_environment": {
				Fields: map[string]*tfbridge.SchemaInfo{"reviewers": {MaxItemsOne: tfbridge.False()}},
			},
		},
		DataSources: map[string]*tfbridge.DataSourceInfo{
			"github_app": {Tok: "github:index/getGithubApp:getGithubApp"},
		},
	}
	info.MustComputeTokens(tokens.SingleModule("github_", "index", tokens.MakeStandard("github")))
	info.SetAutonaming(255, "-")
	// The program's side knows all types: the engine asks the plugin for its schema only to write other languages.
	tfbridge.Main("github", version, info, fmt.Appendf(nil, `{"name":"github","version":%q}`, version))
}
