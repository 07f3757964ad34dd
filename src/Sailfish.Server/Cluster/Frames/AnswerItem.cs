namespace Sailfish.Server.Cluster.Frames;

/// <summary>What a question brought: <c>number i64, status u8 (0 = answered, 1 = failed), length i32, payload</c>.</summary>
/// <param name="Number">The question's.</param>
/// <param name="IsFailed">The node could not answer; the asker need not wait longer.</param>
/// <param name="Payload">The answer.</param>
internal readonly record struct AnswerItem(long Number, bool IsFailed, ReadOnlyMemory<byte> Payload) : IFrameItem<AnswerItem>
{
    public static FrameKind Kind => FrameKind.Answer;

    public int Size => 8 + 1 + FieldWriter.SizeOf(Payload);

    public void Write(ref FieldWriter fields)
    {
        fields.Int64(Number);
        fields.Byte(IsFailed ? (byte)1 : (byte)0);
        fields.Bytes(Payload.Span);
    }

    public static AnswerItem Read(ref FieldReader fields) => new(fields.Positive(), fields.Byte() != 0, fields.Bytes().ToArray());
}
