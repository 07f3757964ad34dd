using System.IO.Pipelines;
using Microsoft.Extensions.Options;
using Sailfish.Protocol.Frames;

namespace Sailfish.Server.Gateway;

/// <summary>Reads binary frames from a connection, one after the other, until it ends.</summary>
internal sealed class FrameLoop(FrameHandler handler, IOptions<GatewayOptions> options)
{
    public async Task RunAsync(PipeReader input, Connection connection)
    {
        while (!connection.IsClosing)
        {
            var result = await input.ReadAsync();
            if (result.IsCanceled)
                return;
            connection.Touch();
            var buffer = result.Buffer;
            while (!connection.IsClosing)
            {
                var status = BinaryFrame.TryRead(ref buffer, options.Value.MaxBodyBytes, out var frame);
                if (status == FrameReadStatus.NeedMore)
                    break;
                await handler.HandleAsync(connection, status, frame);
            }

            // Consumed up to the last whole frame; all of it was looked at.
            input.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
                return;
        }
    }
}
