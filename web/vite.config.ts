import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
  build: {
    target: 'es2023',
    // Nothing inline: the Content-Security-Policy allows no data: but images.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
})
