using k8s;
using k8s.Models;
using YamlDotNet.Core;

namespace CnnViz.Tests;

/// <summary>
/// The manifests in examples/kubernetes, read by the models of Kubernetes' own client, which are made from its published schema: a field that the
/// schema does not have, or a value of another type, is an error.
/// </summary>
public sealed class KubernetesTests
{
    private static readonly string s_folder = Path.Combine(TestFiles.Root, "examples", "kubernetes");

    public static TheoryData<string> Files => [.. Directory.GetFiles(s_folder, "*.yaml").Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_manifest_is_in_the_schema(string file)
    {
        IKubernetesObject<V1ObjectMeta> item = Assert.IsAssignableFrom<IKubernetesObject<V1ObjectMeta>>(Assert.Single(Load(Text(file))));

        Assert.Equal(item is V1Job ? ("batch/v1", "Job") : ("v1", "PersistentVolumeClaim"), (item.ApiVersion, item.Kind));
        Assert.Matches("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", item.Metadata.Name);
    }

    [Theory]
    [InlineData("maxFailedIndexes: 100", "maxFailedIndices: 100")]
    [InlineData("completions: 100", "completions: many")]
    [InlineData("podFailurePolicy:\n    rules:", "podFailurePolicy:\n    rule:")]
    public void What_is_not_in_the_schema_is_an_error(string right, string wrong)
    {
        string text = Text("shares.yaml").ReplaceLineEndings("\n");
        Assert.Contains(right, text, StringComparison.Ordinal);

        Assert.ThrowsAny<YamlException>(() => Load(text.Replace(right, wrong, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("shares.yaml")]
    [InlineData("merge.yaml")]
    public void A_job_has_what_the_api_server_asks_for(string file)
    {
        V1PodSpec pod = Job(file).Spec.Template.Spec;
        V1Container container = Assert.Single(pod.Containers);

        Assert.Contains(pod.RestartPolicy, new[] { "Never", "OnFailure" });
        Assert.False(string.IsNullOrEmpty(container.Name) || string.IsNullOrEmpty(container.Image));
        Assert.Equal(pod.Volumes.Select(volume => volume.Name).Order(), container.VolumeMounts.Select(mount => mount.Name).Order());
        Assert.All(container.VolumeMounts, mount => Assert.StartsWith("/", mount.MountPath));
        Assert.All(container.Resources.Requests, request =>
            Assert.True(!container.Resources.Limits.TryGetValue(request.Key, out ResourceQuantity? limit) || request.Value.ToDecimal() <= limit.ToDecimal()));
        Assert.Equal(Claim().Metadata.Name, Assert.Single(pod.Volumes, volume => volume.PersistentVolumeClaim is not null).PersistentVolumeClaim.ClaimName);
        Assert.Equal(["ReadWriteMany"], Claim().Spec.AccessModes);
    }

    // What Kubernetes demands of these fields together: see "Pod failure policy" and "Backoff limit per index" in its documentation of Jobs.
    [Fact]
    public void The_shares_are_an_indexed_job_that_outlives_nodes_and_failures()
    {
        V1JobSpec job = Job("shares.yaml").Spec;
        V1PodSpec pod = job.Template.Spec;

        Assert.Equal("Indexed", job.CompletionMode);
        Assert.Equal("Never", pod.RestartPolicy);
        Assert.Equal($"{job.Completions}", Assert.Single(pod.Containers[0].Env, variable => variable.Name == "CNNVIZ_SHARD_COUNT").Value);
        Assert.InRange(job.BackoffLimitPerIndex!.Value, 1, int.MaxValue);
        Assert.Equal(job.Completions, job.MaxFailedIndexes);
        Assert.InRange(job.MaxFailedIndexes!.Value, 1, 100_000);
        V1PodFailurePolicyRule rule = Assert.Single(job.PodFailurePolicy.Rules);
        V1PodFailurePolicyOnPodConditionsPattern condition = Assert.Single(rule.OnPodConditions);
        Assert.Equal(("Ignore", null, "DisruptionTarget", "True"), (rule.Action, rule.OnExitCodes, condition.Type, condition.Status));
    }

    private static string Text(string file) => File.ReadAllText(Path.Combine(s_folder, file));

    private static List<object> Load(string text) => KubernetesYaml.LoadAllFromString(text, strict: true);

    private static V1Job Job(string file) => (V1Job)Load(Text(file))[0];

    private static V1PersistentVolumeClaim Claim() => (V1PersistentVolumeClaim)Load(Text("volume.yaml"))[0];
}
