using CnnViz.Plans;

namespace CnnViz.Tests.Plans;

public sealed class ShardTests
{
    public static TheoryData<string, int, int> Engines => new()
    {
        { "SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_COUNT=10 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=9 SLURM_ARRAY_TASK_STEP=1", 3, 10 },
        { "SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_COUNT=10 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=10 SLURM_ARRAY_TASK_STEP=1", 0, 10 },
        { "SLURM_ARRAY_TASK_ID=8 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=2 SLURM_ARRAY_TASK_MAX=11 SLURM_ARRAY_TASK_STEP=3", 2, 4 },
        { "JOB_COMPLETION_INDEX=4 CNNVIZ_SHARD_COUNT=5", 4, 5 },
        { "AWS_BATCH_JOB_ARRAY_INDEX=7 AWS_BATCH_JOB_ARRAY_SIZE=8", 7, 8 },
        { "PBS_ARRAY_INDEX=0 CNNVIZ_SHARD_COUNT=2", 0, 2 },
        { "PBS_ARRAYID=1 CNNVIZ_SHARD_COUNT=2", 1, 2 },
        { "SGE_TASK_ID=5 SGE_TASK_FIRST=1 SGE_TASK_LAST=9 SGE_TASK_STEPSIZE=2", 2, 5 },
        { "SGE_TASK_ID=undefined SGE_TASK_FIRST=undefined SGE_TASK_LAST=undefined", 0, 1 },
        { "CNNVIZ_SHARD_INDEX=1 CNNVIZ_SHARD_COUNT=3 SLURM_ARRAY_TASK_ID=2 SLURM_ARRAY_TASK_COUNT=4", 1, 3 },
        { "", 0, 1 },
        { "CNNVIZ_SHARD_COUNT=1", 0, 1 },
    };

    [Theory]
    [MemberData(nameof(Engines))]
    public void The_variables_of_an_engine_say_which_share_it_is(string variables, int index, int count) =>
        Assert.Equal(new Shard(index, count), Shard.Find(null, null, Environment(variables)));

    [Fact]
    public void Each_task_of_an_array_that_begins_anywhere_has_a_share_of_its_own()
    {
        int[] indices = [.. Enumerable.Range(0, 5).Select(task => Shard.Find(
            null, null, Environment($"SLURM_ARRAY_TASK_ID={7 + task * 4} SLURM_ARRAY_TASK_MIN=7 SLURM_ARRAY_TASK_STEP=4 SLURM_ARRAY_TASK_COUNT=5")).Index)];

        Assert.Equal([0, 1, 2, 3, 4], indices);
    }

    [Fact]
    public void What_is_given_counts_more_than_variables() =>
        Assert.Equal(new Shard(2, 3), Shard.Find(2, 3, Environment("SLURM_ARRAY_TASK_ID=9 SLURM_ARRAY_TASK_COUNT=10")));

    [Theory]
    [InlineData("ShardInvalid", null, null, "SLURM_ARRAY_TASK_ID=9 SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_STEP=1")]
    [InlineData("ShardInvalid", null, null, "SLURM_ARRAY_TASK_ID=4 SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_STEP=2")]
    [InlineData("ShardInvalid", 3, 3, "")]
    [InlineData("ShardInvalid", 0, 2_000_000, "")]
    [InlineData("ShardCountMissing", 0, null, "")]
    [InlineData("ShardCountMissing", null, null, "JOB_COMPLETION_INDEX=4")]
    [InlineData("ShardIndexMissing", null, 4, "")]
    [InlineData("ShardInvalid", null, null, "CNNVIZ_SHARD_INDEX=-1 CNNVIZ_SHARD_COUNT=3")]
    public void Numbers_that_cannot_be_are_errors(string id, int? index, int? count, string variables) =>
        Assert.Equal(id, Assert.Throws<CnnVizException>(() => Shard.Find(index, count, Environment(variables))).ErrorId);

    private static Func<string, string?> Environment(string variables)
    {
        var all = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        return all.GetValueOrDefault;
    }
}
