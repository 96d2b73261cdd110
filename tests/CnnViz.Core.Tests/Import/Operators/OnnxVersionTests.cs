namespace CnnViz.Tests.Import.Operators;

/// <summary>Versions of the operator set.</summary>
public sealed class OnnxVersionTests : OnnxOperatorParityTests
{
    // To the newest that the installed ONNX Runtime takes.
    public static TheoryData<int> Opsets => [.. Enumerable.Range(7, 20)];

    [Theory]
    [MemberData(nameof(Opsets))]
    public void A_small_network_reads_the_same_in_every_version(int opset) => AssertSameAsOnnxRuntime(
        opset,
        "a = Conv<pads=[1,1,1,1]>(x, float[6,4,3,3], float[6]); b = BatchNormalization(a, float[6], float[6], float[6], positive[6]);"
        + "c = Relu(b); d = MaxPool<kernel_shape=[2,2], strides=[2,2]>(c); e = GlobalAveragePool(d); f = Flatten(e);"
        + "g = Gemm<transB=1>(f, float[5,6], float[5]); y = Softmax<axis=1>(g)",
        Image);
}
